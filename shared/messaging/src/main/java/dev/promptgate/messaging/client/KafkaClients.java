package dev.promptgate.messaging.client;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The configuration of every Kafka client: keys and values are bytes, consumers read committed records only, producers are idempotent.
 *
 * @param bootstrapServers host:port list
 * @param properties any Kafka client property, SASL and TLS included; set on every client
 * @param maxRequestBytes the largest record
 */
public record KafkaClients(String bootstrapServers, Map<String, String> properties, int maxRequestBytes) {
    private static final Pattern SECRET = Pattern.compile(".*(password|secret|jaas|token|key\\b|keystore\\.key|credential).*");

    /** For a consumer of a group; committing is the caller's business. */
    public Map<String, String> groupConsumer(String group) {
        Map<String, String> config = consumer();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
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
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(Math.max(maxRequestBytes, 1 << 20)));
        config.putAll(properties);
        return config;
    }

    /** For an idempotent producer. */
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

    /** For a transactional producer; a second one with the same id fences the first. */
    public Map<String, String> transactionalProducer(String transactionalId) {
        Map<String, String> config = producer();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return config;
    }

    /** For an admin client. */
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

    /** Secrets are masked. */
    @Override
    public String toString() {
        Map<String, String> masked = new TreeMap<>(properties);
        masked.replaceAll((key, value) -> isSecret(key) ? "***" : value);
        return "KafkaClients[bootstrapServers: %s, properties: %s]".formatted(bootstrapServers, masked);
    }

    /** Whether a Kafka property's value must never be shown. */
    public static boolean isSecret(String key) {
        return SECRET.matcher(key.toLowerCase(Locale.ROOT)).matches();
    }
}
