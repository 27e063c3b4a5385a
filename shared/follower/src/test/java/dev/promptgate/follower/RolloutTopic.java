package dev.promptgate.follower;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.testing.TestBroker;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A broker's prompt-rollouts, to write to. */
final class RolloutTopic implements AutoCloseable {
    final KafkaClients clients;
    final TopicNames topics;
    private final KafkaProducer<byte[], byte[]> producer;

    RolloutTopic(String bootstrapServers, String prefix) throws ExecutionException, InterruptedException {
        clients = new KafkaClients(bootstrapServers, TestBroker.CLIENT_PROPERTIES, 1 << 20);
        topics = new TopicNames(prefix);
        try (Admin admin = Admin.create(clients.admin())) {
            List<TopicSpec> specs = TopicSpec.all(topics, 1, (short) 1, 1 << 20);
            new TopicProvisioner(admin).provision(specs.stream().filter(spec -> spec.name().equals(topics.promptRollouts())).toList(),
                    true);
        }
        producer = new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    PromptSource source() {
        return PromptSource.rollouts(clients, topics, Prompts.NAME).checkedBy(PromptCheck.of(Prompts.NAME, Prompts.MODEL));
    }

    void write(byte[] value) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topics.promptRollouts(), Prompts.key(Prompts.NAME), value)).get();
    }

    @Override
    public void close() {
        producer.close();
    }
}
