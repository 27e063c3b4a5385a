package dev.promptgate.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every kind of broker must offer to the tests. */
@BrokerTest
@Tag("broker-semantics")
class BrokerContractIT {
    private static final int LARGE = 30 << 20;
    private static final String TRANSACTIONS = "__transaction_state";

    private final TestBroker broker;

    BrokerContractIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void carriesALargeRecordInATransaction() throws Exception {
        byte[] value = new byte[LARGE];
        new Random(1).nextBytes(value);
        assertArrayEquals(value, first(produced(value)).value());
    }

    @Test
    void makesNoTopicByItself() {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("max.block.ms", 2000))) {
            assertThrows(TimeoutException.class, () -> producer.partitionsFor(broker.uniquePrefix() + "missing"));
        }
    }

    @Test
    void keepsTransactionsInFewPartitionsOfOneReplica() throws Exception {
        produced(new byte[1]); // makes their topic
        try (Admin admin = admin()) {
            List<TopicPartitionInfo> partitions = admin.describeTopics(List.of(TRANSACTIONS)).allTopicNames().get().get(TRANSACTIONS)
                    .partitions();
            assertEquals(4, partitions.size());
            assertEquals(1, partitions.get(0).replicas().size());
        }
    }

    /** A new topic with this record, produced in a transaction. */
    private String produced(byte[] value) throws Exception {
        String topic = broker.uniquePrefix() + "records";
        create(topic);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, value));
            producer.commitTransaction();
        }
        return topic;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", broker.bootstrapServers());
        properties.put("max.request.size", 2 * LARGE);
        properties.put("buffer.memory", 2L * LARGE);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void create(String topic) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("max.message.bytes", Integer.toString(2 * LARGE)))))
                    .all().get();
        }
    }

    private ConsumerRecord<byte[], byte[]> first(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(30)).iterator().next();
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
