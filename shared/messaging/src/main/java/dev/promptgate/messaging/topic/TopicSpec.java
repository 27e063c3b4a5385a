package dev.promptgate.messaging.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a topic must be: cleaned up by {@code delete} or {@code compact}, with one partition if its records must be totally ordered;
 * {@link TopicProvisioner} tells which deviations of the further configuration it refuses.
 */
public record TopicSpec(String name, int partitions, short replication, String cleanupPolicy, boolean singlePartition,
        Map<String, String> configs) {
    /** Room for a record's key, headers and framing beside the image. */
    public static final int ENVELOPE_BYTES = 64 << 10;
    private static final Map<String, String> STAMPED = Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    /** For so long a record stays after a newer one of its key: whoever is restarted within it finds what it would have read. */
    public static final Duration UNCOMPACTED = Duration.ofDays(1);
    /** That an image was erased is told for longer than labelled-images keeps it: brokers' default is a week. */
    private static final Duration ERASED = Duration.ofDays(8);

    /**
     * The specifications of all topics.
     *
     * <p>Features have one partition: learner and evaluator decide by the order of records, and only one partition has one. At 2 KiB a
     * feature it carries more than encoders make. What decisions rest on carries the broker's time, so that several topics can be read in
     * one order. Candidates and reports are kept: a rollback needs the old prompt, an audit the old verdict.
     *
     * @param partitions of the image topics
     * @param maxImageBytes the largest image file
     */
    public static List<TopicSpec> all(TopicNames names, int partitions, short replication, int maxImageBytes) {
        Map<String, String> kept = with(STAMPED, TopicConfig.RETENTION_MS_CONFIG, "-1");
        return List.of(
                new TopicSpec(names.labelledImages(), partitions, replication, "delete", false, largest(maxImageBytes + ENVELOPE_BYTES)),
                new TopicSpec(names.imageFeatures(), 1, replication, "compact", true,
                        with(with(STAMPED, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(UNCOMPACTED.toMillis())),
                                TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(ERASED.toMillis()))),
                new TopicSpec(names.promptCandidates(), 1, replication, "delete", true, kept),
                new TopicSpec(names.promptRollouts(), 1, replication, "compact", true, Map.of()),
                new TopicSpec(names.classEmbeddings(), 1, replication, "compact", true, Map.of()),
                new TopicSpec(names.evaluationReports(), 1, replication, "delete", true, kept),
                new TopicSpec(names.gateCommands(), 1, replication, "delete", true, STAMPED),
                new TopicSpec(names.shadowReports(), 1, replication, "delete", false, Map.of()),
                new TopicSpec(names.labelStudioAnnotations(), 1, replication, "compact", true, Map.of()),
                // A rejection is the record as it came, and the reason.
                new TopicSpec(names.rejectedImages(), partitions, replication, "delete", false,
                        largest(maxImageBytes + 2 * ENVELOPE_BYTES)));
    }

    private static Map<String, String> largest(int bytes) {
        return Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
    }

    private static Map<String, String> with(Map<String, String> configs, String key, String value) {
        Map<String, String> more = new HashMap<>(configs);
        more.put(key, value);
        return Map.copyOf(more);
    }
}
