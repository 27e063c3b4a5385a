package dev.promptgate.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Where a run stands that does not come to its end, as Kafka sees it. */
final class Standstill {
    private final Stream stream;
    private final Admin admin;

    private Standstill(Stream stream, Admin admin) {
        this.stream = stream;
        this.admin = admin;
    }

    /**
     * The count of records, the partitions that cannot be read to their ends with the transactions in the way, and of each group its state,
     * its members, and what it has not committed or cannot commit for an open transaction.
     */
    static String of(Stream stream) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(stream.clients().admin())) {
            return new Standstill(stream, admin).describe();
        }
    }

    private String describe() throws ExecutionException, InterruptedException {
        List<String> lines = new ArrayList<>(List.of(Ledger.of(stream).toString()));
        List<TopicPartition> partitions = admin.describeTopics(admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get())
                .allTopicNames().get().values().stream().flatMap(
                        topic -> topic.partitions().stream().map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .filter(partition -> partition.topic().startsWith(stream.topics().prefix()) || partition.topic().startsWith("__")).toList();
        Map<TopicPartition, ListOffsetsResultInfo> written = ends(partitions, IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, ListOffsetsResultInfo> committed = ends(partitions, IsolationLevel.READ_COMMITTED);
        for (TopicPartition partition : partitions) {
            if (committed.get(partition).offset() < written.get(partition).offset()) {
                lines.add("%s readable to %d of %d, producers %s".formatted(partition, committed.get(partition).offset(),
                        written.get(partition).offset(), admin.describeProducers(List.of(partition)).partitionResult(partition).get()
                                .activeProducers()));
            }
        }
        for (TransactionListing open : admin.listTransactions().all().get()) {
            lines.add("%s: %s".formatted(open, admin.describeTransactions(List.of(open.transactionalId())).description(
                    open.transactionalId()).get()));
        }
        List<String> groups = admin.listGroups().valid().get().stream().map(group -> group.groupId())
                .filter(group -> group.startsWith(stream.topics().prefix())).toList();
        for (ConsumerGroupDescription group : admin.describeConsumerGroups(groups).all().get().values()) {
            lines.add(describe(group, written));
        }
        return String.join(System.lineSeparator() + "  ", lines);
    }

    private String describe(ConsumerGroupDescription group, Map<TopicPartition, ListOffsetsResultInfo> written)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group.groupId()).partitionsToOffsetAndMetadata()
                .get();
        return "%s %s, members %s, committed %s".formatted(group.groupId(), group.groupState(), group.members().stream()
                .collect(Collectors.toMap(member -> member.consumerId(), member -> member.assignment().topicPartitions())),
                offsets.entrySet().stream().map(one -> "%s: %s of %d".formatted(one.getKey(), one.getValue(),
                        written.get(one.getKey()).offset())).toList());
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ends(List<TopicPartition> partitions, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        return admin.listOffsets(partitions.stream().collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest())),
                new ListOffsetsOptions(isolation)).all().get();
    }
}
