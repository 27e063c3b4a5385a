package dev.promptgate.follower;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.testing.TestBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A broker's prompt-rollouts and class-embeddings, to write to. */
final class RolloutTopic implements AutoCloseable {
    final KafkaClients clients;
    final TopicNames topics;
    private final KafkaProducer<byte[], byte[]> producer;

    RolloutTopic(String bootstrapServers, String prefix) throws ExecutionException, InterruptedException {
        clients = new KafkaClients(bootstrapServers, TestBroker.CLIENT_PROPERTIES, 1 << 20);
        topics = new TopicNames(prefix);
        try (Admin admin = Admin.create(clients.admin())) {
            List<TopicSpec> specs = TopicSpec.all(topics, 1, (short) 1, 1 << 20);
            new TopicProvisioner(admin).provision(specs.stream()
                    .filter(spec -> List.of(topics.promptRollouts(), topics.classEmbeddings()).contains(spec.name())).toList(), true);
        }
        producer = new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    PromptSource source() {
        return PromptSource.rollouts(clients, topics, Prompts.NAME).checkedBy(PromptCheck.of(Prompts.NAME, Prompts.MODEL));
    }

    void write(byte[] value) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topics.promptRollouts(), Prompts.key(Prompts.NAME), value)).get();
    }

    /** In one transaction, which is committed or aborted. */
    void write(List<ProducerRecord<byte[], byte[]>> records, boolean isCommitted) {
        Map<String, Object> config = new HashMap<>(clients.transactionalProducer(topics.prefix(), Duration.ofSeconds(30)));
        try (KafkaProducer<byte[], byte[]> writer = new KafkaProducer<>(config)) {
            writer.initTransactions();
            writer.beginTransaction();
            records.forEach(writer::send);
            writer.flush();
            if (isCommitted) {
                writer.commitTransaction();
            } else {
                writer.abortTransaction();
            }
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
