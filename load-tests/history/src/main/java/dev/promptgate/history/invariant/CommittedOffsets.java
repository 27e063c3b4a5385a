package dev.promptgate.history.invariant;

import dev.promptgate.messaging.record.SourcePosition;
import java.util.Map;

/**
 * What a group of encoders had committed in labelled-images at some moment: per partition the offset behind it. Where nothing was
 * committed, or the group is gone, nothing is known.
 */
public record CommittedOffsets(Map<Integer, Long> byPartition) {
    public CommittedOffsets {
        byPartition = Map.copyOf(byPartition);
    }

    /** Whether the record was done with by then. */
    public boolean covers(SourcePosition record) {
        return record.offset() < byPartition.getOrDefault(record.partition(), 0L);
    }

    /** Whether anything is known of the partition. */
    public boolean knows(int partition) {
        return byPartition.containsKey(partition);
    }
}
