package dev.promptgate.messaging.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.transaction.TransactionalWriter.FencedException;
import dev.promptgate.messaging.transaction.TransactionalWriter.TransactionAbortedException;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.time.Duration;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@BrokerTest
@Tag("broker-semantics")
class TransactionalWriterIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private final KafkaClients impatient;
    private final String topic;

    TransactionalWriterIT(TestBroker broker) {
        clients = new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 1 << 20);
        Map<String, String> all = new HashMap<>(TestBroker.CLIENT_PROPERTIES);
        all.put("isolation.level", "read_uncommitted");
        impatient = new KafkaClients(broker.bootstrapServers(), all, 1 << 20);
        topic = broker.uniquePrefix() + "records";
    }

    @BeforeAll
    void createTopic() throws Exception {
        try (Admin admin = Admin.create(clients.admin())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    /** Another producer has ended the writer's transaction and left one open under its id: readers of committed records wait for that. */
    @Test
    void whatTheProducerCannotAbortANewOneEndsAtOnce() throws Exception {
        try (TransactionalWriter writer = new TransactionalWriter(clients, topic, TIMEOUT);
                KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(
                        new HashMap<>(clients.transactionalProducer(topic, Duration.ofMinutes(1))))) {
            writer.open();
            assertThrows(TransactionAbortedException.class,
                    () -> writer.write(interrupted(other), Map.of(), new ConsumerGroupMetadata(topic)));
            assertEquals(ends(impatient), ends(clients), "a transaction is open still");
            writer.write(List.of(record()), Map.of(), new ConsumerGroupMetadata(topic));
            assertTrue(ends(clients) > 1);
            other.close(Duration.ZERO);
        }
    }

    @Test
    void aCheckpointOfATopicThatWasMadeAnewIsNamed() {
        TopicPartition features = new TopicPartition(topic, 0);
        try (CheckpointedWriter writer = new CheckpointedWriter(clients, topic + "-group", features, TIMEOUT)) {
            writer.open();
            writer.write(List.of(), new OffsetAndMetadata(0, "at the end"));
            assertEquals(0, writer.open().orElseThrow().offset());
            writer.write(List.of(), new OffsetAndMetadata(1_000, "behind it"));
            String message = assertThrows(IllegalStateException.class, writer::open).getMessage();
            assertTrue(message.contains("made anew") && message.contains("checkpoint: 1000, group: " + topic + "-group]"), message);
        }
    }

    @Test
    void aWriterWithNothingToWriteIsToldThatAnotherHasItsPlace() {
        TopicPartition features = new TopicPartition(topic, 0);
        String name = topic + "-twice";
        try (CheckpointedWriter first = new CheckpointedWriter(clients, name, features, TIMEOUT);
                CheckpointedWriter second = new CheckpointedWriter(clients, name, features, TIMEOUT)) {
            assertEquals(Optional.empty(), first.open());
            first.confirm();
            first.write(List.of(), new OffsetAndMetadata(0, "mine"));
            first.confirm();
            assertTrue(second.open().orElseThrow().metadata().startsWith("mine writer="), "it stays as it was");
            assertThrows(FencedException.class, first::confirm);
            second.confirm();
        }
    }

    @Test
    void aClockThatTheBrokersRefuseIsNamed() throws Exception {
        try (TransactionalWriter writer = new TransactionalWriter(clients, topic + "-clock", TIMEOUT)) {
            writer.open();
            long nextYear = System.currentTimeMillis() + Duration.ofDays(365).toMillis();
            List<ProducerRecord<byte[], byte[]>> ahead = List.of(new ProducerRecord<>(topic, 0, nextYear, null, new byte[] {1}));
            String message = assertThrows(KafkaException.class, () -> writer.write(ahead, Map.of(), new ConsumerGroupMetadata(topic)))
                    .getMessage();
            assertTrue(message.contains("set the clock right"), message);
            writer.write(List.of(record()), Map.of(), new ConsumerGroupMetadata(topic));
        }
    }

    @Test
    void brokersWithoutTheFeatureAreNamedWithWhatIsToBeDone() throws Exception {
        try (Admin admin = Admin.create(clients.admin())) {
            assertEquals(Optional.empty(), TransactionVersion.complaint(admin));
            setVersion(admin, 1, UpgradeType.SAFE_DOWNGRADE);
            try {
                String complaint = TransactionVersion.complaint(admin).orElseThrow();
                assertTrue(complaint.contains("upgrade --feature transaction.version=2 [found: 1]") && complaint.lines().count() == 1,
                        complaint);
            } finally {
                setVersion(admin, TransactionVersion.SAFE, UpgradeType.UPGRADE); // the broker is other tests', too
            }
        }
    }

    private static void setVersion(Admin admin, int level, UpgradeType type) throws Exception {
        admin.updateFeatures(Map.of(TransactionVersion.FEATURE, new FeatureUpdate((short) level, type)), new UpdateFeaturesOptions()).all()
                .get();
        Awaitility.await().until(
                () -> admin.describeFeatures().featureMetadata().get().finalizedFeatures().get(TransactionVersion.FEATURE)
                        .maxVersionLevel() == level);
    }

    /** Two records; between them the other producer takes the writer's place, and the transaction's time passes. */
    private Collection<ProducerRecord<byte[], byte[]>> interrupted(KafkaProducer<byte[], byte[]> other) {
        return new AbstractCollection<>() {
            @Override
            public Iterator<ProducerRecord<byte[], byte[]>> iterator() {
                long began = System.nanoTime();
                return List.of(false, true).stream().map(isSecond -> {
                    if (isSecond) {
                        other.initTransactions();
                        other.beginTransaction();
                        other.send(record());
                        other.flush();
                        while (System.nanoTime() - began < TIMEOUT.toNanos()) {
                            Thread.onSpinWait();
                        }
                    }
                    return record();
                }).iterator();
            }

            @Override
            public int size() {
                return 2;
            }
        };
    }

    private ProducerRecord<byte[], byte[]> record() {
        return new ProducerRecord<>(topic, new byte[] {1});
    }

    private long ends(KafkaClients as) {
        try (TopicLog log = new TopicLog(as)) {
            return log.ends(topic).values().iterator().next();
        }
    }
}
