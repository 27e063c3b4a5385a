package dev.promptgate.chaos;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.chaos.fault.Fault;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.settings.PromptSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A small stream for each service, with what a build that has a {@link Fault} may stumble over, and when it is done with. */
record FaultInputs(Stream stream, ClipModel model) {
    private static final int IDS = 48;
    private static final int ABORTED = 4;
    private static final int CLASSES = 10;
    private static final int EACH = 8;
    private static final int HELD_OUT = 20;

    static boolean isDeadly(Fault fault) {
        return fault == Fault.COMMITS_BEFORE_IT_WRITES || fault == Fault.WRITES_BEFORE_IT_COMMITS;
    }

    /** Each id twice, the second time right behind the first; then images that are taken back. How many records stand. */
    int pushImages() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < IDS; i++) {
            SampleStream.Entry entry = SampleStream.entries().get(i);
            for (int time = 0; time < 2; time++) {
                records.add(new LabelledImage(entry.file(), entry.label(), Split.TRAIN, SampleStream.bytes(entry), 0)
                        .encode(stream.topics().labelledImages()));
            }
        }
        stream.push(records);
        abort(records.subList(0, ABORTED).stream().map(record -> new ProducerRecord<>(record.topic(), null,
                "aborted".getBytes(StandardCharsets.UTF_8), record.value(), record.headers())).toList());
        return records.size();
    }

    /** Two lots of classes, with features of a class that were aborted before the last image of the second. How many candidates follow. */
    int pushTrainingFeatures() {
        List<String> labels = labels();
        List<ProducerRecord<byte[], byte[]>> first = features(labels.subList(0, CLASSES / 2), EACH, Split.TRAIN, 0);
        List<ProducerRecord<byte[], byte[]>> second = features(labels.subList(CLASSES / 2, CLASSES), EACH, Split.TRAIN, first.size());
        stream.push(first);
        abort(features(List.of("a ghost"), EACH, Split.TRAIN, first.size() + second.size()));
        stream.push(second);
        return 2;
    }

    /**
     * Held-out features of all classes; a candidate that is as the hand-written prompt, and one that takes each class for the next. How
     * many verdicts follow.
     */
    int pushCandidates() {
        List<String> labels = labels();
        stream.push(features(labels, HELD_OUT, Split.HELD_OUT, 0));
        Map<String, String> mistaken = new HashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            mistaken.put(labels.get(i), labels.get((i + 1) % labels.size()));
        }
        stream.push(List.of(candidate(1, Descriptions.NONE), candidate(2, new Descriptions(mistaken))));
        return 2;
    }

    private ProducerRecord<byte[], byte[]> candidate(long version, Descriptions descriptions) {
        PromptMetadata about = new PromptMetadata(name(), version, version - 1, model.fingerprint(), 1,
                new PromptMetadata.Origin(labels(), PromptSettings.CONTEXT_INIT.defaultValue(), Map.of(),
                        Map.of(0, (long) CLASSES * HELD_OUT), Map.of(labels().get(0), 1L), descriptions),
                Map.of());
        return new ProducerRecord<>(stream.topics().promptCandidates(), new PromptKey(name()).bytes(),
                PromptCodec.encode(new Prompt(handWritten().context(), about)));
    }

    private static String name() {
        return PromptSettings.NAME.defaultValue();
    }

    private static List<String> labels() {
        return SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().sorted().limit(CLASSES).toList();
    }

    private Prompt handWritten() {
        return Prompt.handWritten(name(), model.textEncoder().contextFrom(PromptSettings.CONTEXT_INIT.defaultValue()));
    }

    /** Near the classes' own text features, class by class in turn. */
    private List<ProducerRecord<byte[], byte[]>> features(List<String> labels, int each, Split split, int from) {
        float[][] texts = handWritten().features(model.textEncoder(), labels);
        Random random = new Random(from);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < each * labels.size(); i++) {
            float[] feature = texts[i % labels.size()].clone();
            double squares = 0;
            for (int j = 0; j < feature.length; j++) {
                feature[j] += (float) (0.002 * random.nextGaussian());
                squares += feature[j] * feature[j];
            }
            for (int j = 0; j < feature.length; j++) {
                feature[j] /= (float) Math.sqrt(squares);
            }
            records.add(new ImageFeature("image-" + (from + i), labels.get(i % labels.size()), split, model.fingerprint(), feature, i,
                    new SourcePosition(0, from + i)).encode(stream.topics().imageFeatures()));
        }
        return records;
    }

    /** Written and taken back, as by a producer that finds something wrong. */
    private void abort(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> config = Map.copyOf(stream.clients().transactionalProducer(stream.topics().prefix() + "aborts",
                Duration.ofSeconds(10)));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
            producer.initTransactions();
            producer.beginTransaction();
            records.forEach(producer::send);
            producer.flush();
            producer.abortTransaction();
        }
    }

    /** Whether a service, of which a build may have a fault, is done with its stream. */
    boolean isDone(String service, Optional<Fault> fault, int expected) {
        if (service.equals("encoder")) {
            return answered().size() >= expected + (fault.equals(Optional.of(Fault.ENCODES_ABORTED_IMAGES)) ? ABORTED : 0);
        }
        if (service.equals("learner")) {
            return stream.candidates().size() >= (fault.equals(Optional.of(Fault.SKIPS_RECORDS)) ? 1 : expected);
        }
        return fault.equals(Optional.of(Fault.REPORTS_NO_VERDICTS)) ? !stream.liveVersions().isEmpty()
                : stream.verdicts().size() >= expected;
    }

    private Set<SourcePosition> answered() {
        return stream.read(stream.topics().imageFeatures()).stream().map(record -> {
            try {
                return ImageFeature.decode(record).source();
            } catch (InvalidRecordException e) {
                throw new IllegalStateException(e);
            }
        }).collect(Collectors.toSet());
    }

    /** Whether the encoders have committed all images, whatever became of them. */
    boolean isCommitted(int expected) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(stream.clients().admin())) {
            return admin.listConsumerGroupOffsets(stream.topics().prefix() + "promptgate-encoder").partitionsToOffsetAndMetadata().get()
                    .values().stream().mapToLong(OffsetAndMetadata::offset).sum() >= expected;
        }
    }
}
