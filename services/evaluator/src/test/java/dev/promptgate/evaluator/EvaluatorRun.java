package dev.promptgate.evaluator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.follower.EmbeddingsReader;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import dev.promptgate.testing.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Topics of its own on the broker, evaluators that work on them, and what goes in and comes out. */
final class EvaluatorRun {
    static final String PROMPT = "default";
    /** What the sample stream's labels name; with these words more than half of its images are told. */
    static final String WORDS = "a badge with a";
    /** Held-out images of a class. */
    private static final int EACH = 8;
    private static final byte[] KEY = PROMPT.getBytes(StandardCharsets.UTF_8);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** By file: an image is encoded once for all tests. */
    private static final Map<String, float[]> ENCODED = new ConcurrentHashMap<>();

    final KafkaClients clients;
    final TopicNames topics;
    private final ClipModel model;

    EvaluatorRun(TestBroker broker, ClipModel model) throws Exception {
        this.model = model;
        clients = new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 1 << 21);
        topics = new TopicNames(broker.uniquePrefix());
        try (Admin admin = Admin.create(clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(topics, 1, (short) 1, 1 << 20), true);
        }
    }

    ServiceHost start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("http.port", "0", "evaluator.idle-time", "200ms"));
        all.putAll(settings);
        SettingsValues values = values(all);
        ServiceHost host = new ServiceHost(values);
        host.start(() -> new EvaluatorVerticle(values, clients, topics, model, host)).await();
        return host;
    }

    static SettingsValues values(Map<String, String> settings) {
        List<Setting<?>> known = Stream
                .of(PromptSettings.ALL.all(), HttpSettings.ALL.all(), EvaluatorSettings.ALL.all(), TrustSettings.ALL.all())
                .<Setting<?>>flatMap(List::stream).toList();
        Map<String, String> all = new HashMap<>(Map.of(PromptSettings.CONTEXT_INIT.key(), WORDS));
        all.putAll(settings);
        return new SettingsCatalogue(known, List.of(), key -> true).resolve(SettingsSources.of(all));
    }

    static List<String> classes() {
        return SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().sorted().toList();
    }

    /** Features of the sample stream's held-out images of these classes, 8 each. */
    List<ImageFeature> images(List<String> classes, Split split) throws Exception {
        List<SampleStream.Entry> entries = classes.stream().flatMap(name -> SampleStream.entries().stream()
                .filter(entry -> entry.split().equals("held-out") && entry.label().equals(name)).limit(EACH)).toList();
        List<SampleStream.Entry> missing = entries.stream().filter(entry -> !ENCODED.containsKey(entry.file())).toList();
        for (int from = 0; from < missing.size(); from += 32) {
            List<SampleStream.Entry> batch = missing.subList(from, Math.min(missing.size(), from + 32));
            List<float[]> pixels = new ArrayList<>();
            for (SampleStream.Entry entry : batch) {
                pixels.add(model.preprocessor().preprocess(SampleStream.bytes(entry)));
            }
            float[][] features = model.imageEncoder().encode(pixels);
            for (int i = 0; i < features.length; i++) {
                ENCODED.put(batch.get(i).file(), features[i]);
            }
        }
        return entries.stream()
                .map(entry -> new ImageFeature(entry.file(), entry.label(), split, model.fingerprint(), ENCODED.get(entry.file()), 0,
                        new SourcePosition(1, entries.indexOf(entry))))
                .toList();
    }

    /** The same images under other ids. */
    static List<ImageFeature> copies(List<ImageFeature> features, String suffix) {
        return features.stream().map(f -> new ImageFeature(f.imageId() + suffix, f.label(), f.split(), f.modelFingerprint(), f.feature(),
                f.timestamp(), f.source())).toList();
    }

    void push(List<ImageFeature> features) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            features.forEach(feature -> producer.send(feature.encode(topics.imageFeatures())));
        }
    }

    Context handWritten() {
        return model.textEncoder().contextFrom(WORDS);
    }

    /** A context that drowns the class names. */
    Context noise() {
        Context like = handWritten();
        Random random = new Random(8);
        float[] values = new float[like.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (30 * random.nextGaussian());
        }
        return like.withValues(values);
    }

    Prompt snapshot(long version, Context context, List<String> names, long horizon) {
        return new Prompt(context,
                new PromptMetadata(PROMPT, version, version - 1, model.fingerprint(), 1,
                        new PromptMetadata.Origin(names, WORDS, Map.of(), Map.of(0, horizon), Map.of(names.get(0), 1L)),
                        Map.of()));
    }

    void candidate(long version, Context context, List<String> names, long horizon) {
        send(topics.promptCandidates(), PromptCodec.encode(snapshot(version, context, names, horizon)));
    }

    String command(GateCommand.Action action, OptionalLong to, long expiresAt) {
        String id = UUID.randomUUID().toString();
        send(topics.gateCommands(), new GateCommand(id, action, to, "because", "me", expiresAt).encode());
        return id;
    }

    void send(String topic, byte[] value) {
        send(new ProducerRecord<>(topic, KEY, value));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            producer.send(record);
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    List<ConsumerRecord<byte[], byte[]>> rollouts() {
        try (TopicLog log = new TopicLog(clients)) {
            return log.read(topics.promptRollouts());
        }
    }

    /** What class-embeddings holds at its end. */
    Optional<ClassEmbeddings> embeddings() throws RefusedPromptException {
        EmbeddingsReader reader = new EmbeddingsReader(PROMPT, PromptVerifier.off(), Optional.of(model.fingerprint()));
        try (TopicLog log = new TopicLog(clients)) {
            for (ConsumerRecord<byte[], byte[]> record : log.read(topics.classEmbeddings())) {
                reader.take(record);
            }
        }
        reader.atEnd();
        return reader.live();
    }

    /** Versions that prompt-rollouts held one after another; 0 for the hand-written prompt. */
    List<Long> liveVersions() {
        return rollouts().stream().map(record -> {
            try {
                return record.value() == null ? 0L : PromptCodec.decode(record.value()).metadata().version();
            } catch (UnreadablePromptException e) {
                throw new IllegalStateException(e);
            }
        }).toList();
    }

    List<JsonNode> reports() {
        List<JsonNode> reports = new ArrayList<>();
        try (TopicLog log = new TopicLog(clients)) {
            log.forEach(topics.evaluationReports(), record -> {
                try {
                    reports.add(JSON.readTree(record.value()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return reports;
    }

    List<JsonNode> reports(String kind) {
        return reports().stream().filter(report -> report.path("kind").asText().equals(kind)).toList();
    }

    List<JsonNode> verdicts() {
        return reports("verdict");
    }
}
