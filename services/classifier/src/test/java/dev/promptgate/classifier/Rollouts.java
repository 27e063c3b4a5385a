package dev.promptgate.classifier;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A broker's topics of prompts, to write to. */
final class Rollouts implements AutoCloseable {
    static final String PROMPT = "default";

    final KafkaClients clients;
    final TopicNames topics;
    private final ClipModel model;
    private final KafkaProducer<byte[], byte[]> producer;

    Rollouts(String bootstrapServers, String prefix, ClipModel model) throws ExecutionException, InterruptedException {
        this.model = model;
        clients = new KafkaClients(bootstrapServers, TestBroker.CLIENT_PROPERTIES, 1 << 20);
        topics = new TopicNames(prefix);
        try (Admin admin = Admin.create(clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(topics, 1, (short) 1, 1 << 20), true);
        }
        producer = new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    /** The hand-written context, moved a little by the version. */
    Prompt snapshot(long version, List<String> classes) {
        Context start = model.textEncoder().contextFrom("a photo of a");
        float[] values = start.values().clone();
        SplittableRandom random = new SplittableRandom(version);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.02 * random.nextGaussian());
        }
        return new Prompt(start.withValues(values),
                new PromptMetadata(PROMPT, version, version - 1, model.fingerprint(), System.currentTimeMillis(),
                        new PromptMetadata.Origin(classes, "a photo of a", Map.of("method", "test"), Map.of(), Map.of()),
                        Map.of("reason", "a test's")));
    }

    void rollOut(long version, List<String> classes) throws ExecutionException, InterruptedException {
        write(topics.promptRollouts(), PromptCodec.encode(snapshot(version, classes)));
    }

    /** The same with another verdict. */
    void rollOut(long version, List<String> classes, Map<String, String> verdict) throws ExecutionException, InterruptedException {
        Prompt prompt = snapshot(version, classes);
        write(topics.promptRollouts(), PromptCodec.encode(new Prompt(prompt.context(), prompt.metadata().withVerdict(verdict))));
    }

    void rollBackToHandWritten() throws ExecutionException, InterruptedException {
        write(topics.promptRollouts(), null);
    }

    void write(String topic, byte[] value) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, PROMPT.getBytes(StandardCharsets.UTF_8), value)).get();
    }

    @Override
    public void close() {
        producer.close();
    }
}
