package dev.promptgate.chaos.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;

/** Who leads and coordinates what in a cluster, and orders to change it. Gives up after a few seconds: faults do not wait for answers. */
public final class ClusterAdmin implements AutoCloseable {
    private static final int PATIENCE_MS = 8_000;

    private final Cluster cluster;
    private final Admin admin;

    ClusterAdmin(Cluster cluster) {
        this.cluster = cluster;
        admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers(), "request.timeout.ms",
                PATIENCE_MS / 2, "default.api.timeout.ms", PATIENCE_MS));
    }

    /** Which broker leads the partition now; none while there is no leader. */
    public Optional<Broker> leader(TopicPartition partition) throws ExecutionException, InterruptedException {
        TopicDescription topic = admin.describeTopics(List.of(partition.topic())).allTopicNames().get().get(partition.topic());
        return broker(topic.partitions().get(partition.partition()).leader());
    }

    /** Which broker coordinates the group. */
    public Optional<Broker> groupCoordinator(String group) throws ExecutionException, InterruptedException {
        return broker(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get().coordinator());
    }

    private Optional<Broker> broker(Node node) {
        return node == null ? Optional.empty() : broker(node.id());
    }

    private Optional<Broker> broker(int id) {
        return cluster.brokers().stream().filter(broker -> broker.id() == id).findFirst();
    }

    /** The broker that coordinates this id's transactions, if one of them is open. */
    public Optional<Broker> coordinatorOfOpenTransaction(String transactionalId) throws ExecutionException, InterruptedException {
        TransactionDescription found = admin.describeTransactions(List.of(transactionalId)).description(transactionalId).get();
        return found.state() == TransactionState.ONGOING ? broker(found.coordinatorId()) : Optional.empty();
    }

    /** Gives every partition, of internal topics too, to its next replica; how many there are. */
    public int moveLeaders() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Optional<NewPartitionReassignment>> turned = new HashMap<>();
        describe(admin).values().forEach(topic -> topic.partitions().forEach(partition -> {
            List<Integer> replicas = partition.replicas().stream().map(Node::id).toList();
            turned.put(new TopicPartition(topic.name(), partition.partition()), Optional.of(new NewPartitionReassignment(
                    IntStream.range(0, replicas.size()).mapToObj(i -> replicas.get((i + 1) % replicas.size())).toList())));
        }));
        admin.alterPartitionReassignments(turned).all().get();
        admin.electLeaders(ElectionType.PREFERRED, turned.keySet()).partitions().get(); // that one is not needed is no mistake
        return turned.size();
    }

    /** A topic's configuration as it is in force. */
    public String config(String topic, String name) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }

    /** Whether every replica of every partition has all its records. */
    static boolean isInSync(Admin admin) throws ExecutionException, InterruptedException {
        return describe(admin).values().stream().flatMap(topic -> topic.partitions().stream()).allMatch(ClusterAdmin::isInSync);
    }

    private static boolean isInSync(TopicPartitionInfo partition) {
        return partition.leader() != null && partition.isr().size() == partition.replicas().size();
    }

    private static Map<String, TopicDescription> describe(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeTopics(admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get()).allTopicNames().get();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
