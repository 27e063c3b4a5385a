package dev.promptgate.messaging.transaction;

import dev.promptgate.messaging.client.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** By Kafka's own clients. The admin client is made when it is first asked for. */
final class KafkaBrokerAccess implements BrokerAccess {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaClients clients;
    private Admin admin;

    KafkaBrokerAccess(KafkaClients clients) {
        this.clients = clients;
    }

    @Override
    public Producer<byte[], byte[]> producer(String transactionalId, Duration timeout) {
        return new KafkaProducer<>(new HashMap<>(clients.transactionalProducer(transactionalId, timeout)));
    }

    @Override
    public Optional<OffsetAndMetadata> committed(String group, TopicPartition partition) throws ExecutionException, InterruptedException {
        ListConsumerGroupOffsetsOptions stable = new ListConsumerGroupOffsetsOptions().requireStable(true);
        return Optional.ofNullable(admin().listConsumerGroupOffsets(group, stable).partitionsToOffsetAndMetadata().get().get(partition));
    }

    @Override
    public long end(TopicPartition partition) throws ExecutionException, InterruptedException {
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return admin().listOffsets(Map.of(partition, OffsetSpec.latest()), committed).partitionResult(partition).get().offset();
    }

    @Override
    public void warnIfUnsafe() {
        TransactionVersion.warnIfOld(clients);
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(clients.admin());
        }
        return admin;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(CLOSE_TIMEOUT);
        }
    }
}
