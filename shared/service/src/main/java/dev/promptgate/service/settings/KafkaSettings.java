package dev.promptgate.service.settings;

import dev.promptgate.messaging.client.KafkaClients;

/** How to reach Kafka, and what the topics are. */
public final class KafkaSettings {
    public static final SettingsGroup ALL = new SettingsGroup();

    /** Settings under this prefix are handed to every Kafka client as they are. */
    public static final String PROPERTY_PREFIX = "kafka.property.";

    public static final Setting<String> BOOTSTRAP_SERVERS = ALL.add(Setting.list("kafka.bootstrap-servers", "127.0.0.1:9092",
            "brokers to start from, host:port, with commas. Any Kafka client property (SASL, TLS …) goes under `kafka.property.`"));
    public static final Setting<String> PREFIX = ALL.add(Setting.text("topics.prefix", "", "put before every topic's name")
            .must("hold letters, digits, '.', '_' and '-' only", prefix -> prefix.matches("[\\w.-]*")));
    public static final Setting<Integer> PARTITIONS = ALL.add(Setting
            .integer("topics.partitions", 6, "partitions of the image topics when they are created")
            .must("be positive", n -> n > 0));
    public static final Setting<Integer> REPLICATION = ALL
            .add(Setting.integer("topics.replication", 1, "replicas of each topic when it is created")
                    .must("lie between 1 and 32", n -> n > 0 && n <= 32));
    public static final Setting<Integer> MAX_IMAGE_BYTES = ALL.add(Setting
            .integer("images.max-bytes", 20 << 20, "largest image file; sizes the topics, too")
            .must("lie between 1 KiB and 1 GiB", n -> n >= 1024 && n <= 1 << 30));

    private KafkaSettings() {}

    /** Whether the value of a key under {@link #PROPERTY_PREFIX} must never be shown. */
    public static boolean isSecretProperty(String key) {
        return KafkaClients.isSecret(key.startsWith(PROPERTY_PREFIX) ? key.substring(PROPERTY_PREFIX.length()) : key);
    }
}
