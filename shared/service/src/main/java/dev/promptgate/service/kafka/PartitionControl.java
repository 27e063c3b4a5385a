package dev.promptgate.service.kafka;

import io.vertx.core.Future;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What can be asked of partitions that are read: it is done in the order of the calls, before the next poll. */
public interface PartitionControl {
    /** Polls bring no records of these partitions until they are resumed, or assigned anew. */
    Future<Void> pause(Set<TopicPartition> partitions);

    Future<Void> resume(Set<TopicPartition> partitions);

    /** Reads again from the group's committed offsets on, and from the beginning where there is none. */
    Future<Void> rewindToCommitted();
}
