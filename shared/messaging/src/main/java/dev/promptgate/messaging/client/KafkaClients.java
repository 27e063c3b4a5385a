package dev.promptgate.messaging.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The configuration of every Kafka client: keys and values are bytes, consumers read committed records only, producers are idempotent. The
 * properties, SASL and TLS included, are set on every client.
 */
public record KafkaClients(String bootstrapServers, Map<String, String> properties, int maxRequestBytes) {
    /**
     * For a consumer of a group; committing is the caller's business.
     *
     * @param instance a name that this member has after a restart, too: it then gets its partitions back at once, and a second member of
     *     the name fences the first. Empty for none: after a crash the partitions lie idle until the session has timed out
     */
    public Map<String, String> groupConsumer(String group, Optional<String> instance) {
        Map<String, String> config = consumer();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "2000");
        instance.ifPresent(name -> config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
        // Takes away only the partitions that move: a member that comes or goes does not stop the others.
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        config.putAll(properties);
        return config;
    }

    /** For a consumer that assigns its partitions and commits nothing. */
    public Map<String, String> consumer() {
        Map<String, String> config = common();
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // A topic that is missing must be noticed, not made by the broker with its own defaults.
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(Math.max(maxRequestBytes, 1 << 20)));
        config.putAll(properties);
        return config;
    }

    public Map<String, String> producer() {
        Map<String, String> config = common();
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        // With several requests under way, a first batch that meets a partition whose leader is not ready yet (a topic just created) can be
        // overtaken by the second, and is then refused for ever as out of sequence.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Math.max(maxRequestBytes, 1 << 20)));
        config.putAll(properties);
        return config;
    }

    /**
     * For a transactional producer, whose coordinator gives a transaction up after the timeout; a second one with the same id fences the
     * first.
     */
    public Map<String, String> transactionalProducer(String transactionalId, Duration timeout) {
        Map<String, String> config = producer();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(timeout.toMillis()));
        return config;
    }

    public Map<String, Object> admin() {
        Map<String, Object> config = new HashMap<>(common());
        config.putAll(properties);
        return config;
    }

    private Map<String, String> common() {
        Map<String, String> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return config;
    }

    @Override
    public String toString() {
        Map<String, String> masked = new TreeMap<>(properties);
        masked.replaceAll((key, value) -> isSecret(key) ? "***" : value);
        return "KafkaClients[bootstrapServers: %s, properties: %s]".formatted(bootstrapServers, masked);
    }

    /** Whether a Kafka property's value must never be shown: it is a password to Kafka, or its name looks like one. */
    public static boolean isSecret(String key) {
        return SecretProperties.contain(key);
    }
}
