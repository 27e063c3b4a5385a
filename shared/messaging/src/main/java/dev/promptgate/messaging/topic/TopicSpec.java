package dev.promptgate.messaging.topic;

import java.util.List;
import java.util.Map;

/**
 * What a topic must be.
 *
 * @param cleanupPolicy {@code delete} or {@code compact}
 * @param singlePartition whether its records must be totally ordered
 */
public record TopicSpec(String name, int partitions, short replication, String cleanupPolicy, boolean singlePartition,
        Map<String, String> configs) {
    /** Room for a record's key, headers and framing beside the image. */
    private static final int ENVELOPE_BYTES = 64 << 10;

    /**
     * The specifications of the six topics.
     *
     * @param partitions of the image topics
     * @param maxImageBytes the largest image file
     */
    public static List<TopicSpec> all(TopicNames names, int partitions, short replication, int maxImageBytes) {
        Map<String, String> large = Map.of("max.message.bytes", Integer.toString(maxImageBytes + ENVELOPE_BYTES));
        return List.of(
                new TopicSpec(names.labelledImages(), partitions, replication, "delete", false, large),
                new TopicSpec(names.imageFeatures(), partitions, replication, "compact", false, Map.of()),
                new TopicSpec(names.promptCandidates(), 1, replication, "delete", true, Map.of()),
                new TopicSpec(names.promptRollouts(), 1, replication, "compact", true, Map.of()),
                new TopicSpec(names.evaluationReports(), 1, replication, "delete", true, Map.of()),
                new TopicSpec(names.rejectedImages(), partitions, replication, "delete", false, large));
    }
}
