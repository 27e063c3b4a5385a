package dev.promptgate.service.settings;

import dev.promptgate.messaging.client.KafkaClients;
import java.util.List;
import java.util.Map;

/** How to reach Kafka, and what the topics are. */
public final class KafkaSettings {
    /** Settings under this prefix are handed to every Kafka client as they are. */
    public static final String PROPERTY_PREFIX = "kafka.property.";

    public static final Setting<String> BOOTSTRAP_SERVERS = Setting.text("kafka.bootstrap-servers", "127.0.0.1:9092",
            "brokers to start from, host:port, with commas. Any Kafka client property (SASL, TLS …) goes under `kafka.property.`");
    public static final Setting<String> PREFIX = Setting.text("topics.prefix", "", "put before every topic's name")
            .must("hold letters, digits, '.', '_' and '-' only", prefix -> prefix.matches("[\\w.-]*"));
    public static final Setting<Integer> PARTITIONS = Setting
            .integer("topics.partitions", 6, "partitions of the image topics when they are created")
            .must("be positive", n -> n > 0);
    public static final Setting<Integer> REPLICATION = Setting.integer("topics.replication", 1, "replicas of each topic when it is created")
            .must("lie between 1 and 32", n -> n > 0 && n <= 32);
    public static final Setting<Integer> MAX_IMAGE_BYTES = Setting
            .integer("images.max-bytes", 20 << 20, "largest image file; sizes the topics, too")
            .must("lie between 1 KiB and 1 GiB", n -> n >= 1024 && n <= 1 << 30);

    private final SettingsValues values;

    public KafkaSettings(SettingsValues values) {
        this.values = values;
    }

    public static List<Setting<?>> all() {
        return List.of(BOOTSTRAP_SERVERS, PREFIX, PARTITIONS, REPLICATION, MAX_IMAGE_BYTES);
    }

    /** Whether the value of a key under {@link #PROPERTY_PREFIX} must never be shown. */
    public static boolean isSecretProperty(String key) {
        return KafkaClients.isSecret(key.startsWith(PROPERTY_PREFIX) ? key.substring(PROPERTY_PREFIX.length()) : key);
    }

    public String bootstrapServers() {
        return values.get(BOOTSTRAP_SERVERS);
    }

    /** Kafka client properties passed through; may hold secrets. */
    public Map<String, String> properties() {
        return values.under(PROPERTY_PREFIX);
    }

    public String prefix() {
        return values.get(PREFIX);
    }

    /** Partitions of the image topics. */
    public int partitions() {
        return values.get(PARTITIONS);
    }

    public short replication() {
        return values.get(REPLICATION).shortValue();
    }

    public int maxImageBytes() {
        return values.get(MAX_IMAGE_BYTES);
    }
}
