package dev.promptgate.messaging.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The configuration of every Kafka client: keys and values are bytes, consumers read committed records only, producers are idempotent. The
 * properties, SASL and TLS included, are set on every client.
 */
public record KafkaClients(String bootstrapServers, Map<String, String> properties, int maxRequestBytes) {
    private static final Map<String, ConfigDef.Type> KNOWN = known();
    private static final int MOST_UNCOMPRESSED = 16 << 20;

    private static final Pattern LOOKS_SECRET = Pattern.compile(
            "pass(word|wd|phrase)|secret|jaas|credential|token|assertion|(private|api|access|encryption)[._-]?key|(^|[._-])key$"
                    + "|user[._-]?info");

    /** Texts whose names look secret and which are public: to hide them would hide what one needs to see when a login fails. */
    private static final Set<String> PUBLIC = Set.of("sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.client.credentials.client.id",
            "sasl.oauthbearer.assertion.algorithm", "sasl.oauthbearer.assertion.claim.aud", "sasl.oauthbearer.assertion.claim.iss",
            "sasl.oauthbearer.assertion.claim.sub");

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
        return config(Map.of(
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName(),
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                // A topic that is missing must be noticed, not made by the broker with its own defaults.
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, maxBytes()));
    }

    public Map<String, String> producer() {
        return config(Map.of(
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName(),
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName(),
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
                // With several requests under way, a first batch that meets a partition whose leader is not ready yet (a topic just
                // created)
                // can be overtaken by the second, and is then refused for ever as out of sequence.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxBytes()));
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
        return new HashMap<>(config(Map.of()));
    }

    /**
     * The same for what grows with the classes, prompts and reports: compressed, so that the topics' 1 MiB, which brokers hold against
     * compressed batches, has room for tens of thousands of classes. Unless the properties say otherwise; every consumer reads gzip.
     */
    public KafkaClients compressing() {
        Map<String, String> compressed = new HashMap<>(Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip"));
        compressed.putAll(properties);
        return new KafkaClients(bootstrapServers, compressed, Math.max(maxRequestBytes, MOST_UNCOMPRESSED));
    }

    /** The given configuration, unless the properties have another. */
    private Map<String, String> config(Map<String, String> ours) {
        Map<String, String> config = new HashMap<>(ours);
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.putAll(properties);
        return config;
    }

    private String maxBytes() {
        return Integer.toString(Math.max(maxRequestBytes, 1 << 20));
    }

    @Override
    public String toString() {
        Map<String, String> masked = new TreeMap<>(properties);
        masked.replaceAll((key, value) -> isSecret(key) ? "***" : value);
        return "KafkaClients[bootstrapServers: %s, properties: %s]".formatted(bootstrapServers, masked);
    }

    /**
     * Whether a Kafka property's value must never be shown: those that Kafka itself declares as passwords, and, of the texts and of what
     * Kafka does not know (login modules and callback handlers take properties of their own), those whose names look secret.
     */
    public static boolean isSecret(String key) {
        String property = key.toLowerCase(Locale.ROOT);
        ConfigDef.Type type = KNOWN.getOrDefault(property, ConfigDef.Type.STRING);
        return type == ConfigDef.Type.PASSWORD
                || type == ConfigDef.Type.STRING && !PUBLIC.contains(property) && LOOKS_SECRET.matcher(property).find();
    }

    private static Map<String, ConfigDef.Type> known() {
        Map<String, ConfigDef.Type> types = new HashMap<>();
        for (ConfigDef definition : List.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef())) {
            definition.configKeys().forEach((name, key) -> types.put(name, key.type));
        }
        return Map.copyOf(types);
    }
}
