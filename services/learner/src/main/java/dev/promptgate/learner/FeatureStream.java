package dev.promptgate.learner;

import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.InvalidRecordException;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds feature records to the learner in the order in which they were read, and knows how far it is: the horizon of the next candidate.
 * Order across partitions is that of arrival. Knows no Kafka client. Not thread-safe.
 */
final class FeatureStream {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureStream.class);

    private final ContinualLearner learner;
    private final String fingerprint;
    private final LearnerMeters meters;
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private final Map<Integer, Long> offsets = new TreeMap<>();
    private boolean warned;

    FeatureStream(ContinualLearner learner, String fingerprint, LearnerMeters meters) {
        this.learner = learner;
        this.fingerprint = fingerprint;
        this.meters = meters;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        waiting.add(record);
    }

    /** Takes in records until an update should start (true) or none is left (false). */
    boolean advance() {
        while (!waiting.isEmpty()) {
            if (take(waiting.remove())) {
                return true;
            }
        }
        return false;
    }

    /** Takes in one record; true if an update should start now. */
    boolean take(ConsumerRecord<byte[], byte[]> record) {
        offsets.put(record.partition(), record.offset() + 1);
        if (record.value() == null) {
            return false; // a tombstone: somebody deleted the image from the topic
        }
        ImageFeature feature;
        try {
            feature = ImageFeature.decode(record);
        } catch (InvalidRecordException e) {
            meters.skipped(SkipReason.MALFORMED);
            LOG.warn("A feature record is passed over: {} [partition: {}, offset: {}]", e.getMessage(), record.partition(), record.offset());
            return false;
        }
        if (!feature.modelFingerprint().equals(fingerprint)) {
            meters.skipped(SkipReason.OTHER_MODEL);
            if (!warned) {
                warned = true;
                LOG.warn("Features of another model are passed over; run encoder and learner with the same --model [theirs: {}, ours: {}]",
                        feature.modelFingerprint(), fingerprint);
            }
            return false;
        }
        if (feature.split() != Split.TRAIN) {
            return false;
        }
        meters.feature();
        return learner.offer(new Shot(feature.imageId(), feature.label(), feature.feature()), feature.timestamp());
    }

    /** Per partition the next offset. */
    Map<Integer, Long> offsets() {
        return Map.copyOf(offsets);
    }
}
