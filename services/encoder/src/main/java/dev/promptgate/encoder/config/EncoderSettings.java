package dev.promptgate.encoder.config;

import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.clip.pipeline.ImagePipeline;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.references.ReferenceSettings;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.ImageSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;

public record EncoderSettings(SettingsValues values) {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<Integer> BATCH_SIZE = ALL.add(Setting.integer("encoder.batch-size", 32, "most images encoded together")
            .must("lie between 1 and 4096", n -> n >= 1 && n <= 4096));
    public static final Setting<Duration> BATCH_DELAY = ALL.add(Setting.duration("encoder.batch-delay", Duration.ofMillis(20),
            "longest wait for a batch to fill"));
    public static final Setting<Boolean> PAD_BATCHES = ALL.add(Setting.bool("encoder.pad-batches", false,
            "fill every batch up to its size, so that a GPU sees one shape"));
    public static final Setting<Integer> DECODE_THREADS = ALL.add(Setting
            .integer("encoder.decode-threads", 0, "threads that decode images; 0 takes the number of processors")
            .must("lie between 0 and 1024", n -> n >= 0 && n <= 1024));
    public static final Setting<Integer> MAX_IN_FLIGHT = ALL.add(Setting
            .integer("encoder.max-in-flight", 1024, "records read and not yet committed at which partitions are paused; resumed below half")
            .must("be positive", n -> n > 0));
    public static final Setting<Long> MAX_IN_FLIGHT_BYTES = ALL.add(Setting
            .longInteger("encoder.max-in-flight-bytes", 0,
                    "the same bound in bytes of keys and values; 0 takes an eighth of the largest heap (`-Xmx`), at most 128 MiB")
            .must("be 0 or positive", n -> n >= 0));
    public static final Setting<Long> MAX_PIXELS = ALL.add(Setting
            .longInteger("encoder.max-pixels", 50_000_000, "largest image, width × height; refused from its header")
            .must("be positive", n -> n > 0));
    public static final Setting<Boolean> FOLD_LABELS = ALL.add(Setting.bool("labels.fold", false,
            "labels that would be the same prompt become one class: features carry the label composed (NFC), in lower case, single-spaced, "
                    + "underscores as spaces and without JSON's quotes. The same on every encoder"));
    public static final Setting<String> GROUP = ALL.add(Setting.text("encoder.group", "promptgate-encoder",
            "consumer group; `topics.prefix` is put before it"));
    public static final Setting<String> TRANSACTIONAL_ID = ALL.add(Setting.text("encoder.transactional-id", "",
            "of this instance, also its name in the group: a restart with the same one takes the place of a killed process at once. "
                    + "Empty takes one from group, host and `http.port`, and no name in the group"));
    public static final Setting<Duration> TRANSACTION_TIMEOUT = ALL.add(Setting
            .duration("encoder.transaction-timeout", Duration.ofSeconds(10),
                    "after it Kafka ends the transaction of an encoder that died; until then readers of features wait")
            .must("lie between 1s and 15m", d -> d.toSeconds() >= 1 && d.toMinutes() <= 15));
    public static final Setting<Duration> POLL_TIMEOUT = ALL.add(Setting.duration("encoder.poll-timeout", Duration.ofMillis(20),
            "how long a poll waits"));

    private static final int QUEUED_BATCHES = 4;
    private static final long MOST_BY_DEFAULT = 128L << 20;

    /** How images are decoded, out of whose memory, and batched. */
    public ImagePipeline.Options pipeline(DecodeMemory memory) {
        int threads = values.get(DECODE_THREADS);
        int batchSize = values.get(BATCH_SIZE);
        return new ImagePipeline.Options("promptgate", threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                new ImageLimits(values.get(MAX_PIXELS), maxImageBytes(), memory), batchSize, values.get(BATCH_DELAY),
                values.get(PAD_BATCHES),
                QUEUED_BATCHES * batchSize);
    }

    /** Limits of images that are not in their records, and whose memory they are decoded out of. */
    public ImageLimits fetchedImages(DecodeMemory memory) {
        return new ImageLimits(values.get(MAX_PIXELS), values.get(ReferenceSettings.MAX_BYTES), memory);
    }

    /** Bytes in flight at which partitions are paused. */
    public long maxInFlightBytes() {
        return ImageSettings.inFlightBytes(values.get(MAX_IN_FLIGHT_BYTES), MOST_BY_DEFAULT);
    }

    /** Of the consumer of labelled images: a fetch, which comes on top of what is in flight, brings half as much unless it is set. */
    public Map<String, String> consumer(KafkaClients clients, String topicPrefix) {
        Map<String, String> config = clients.groupConsumer(group(topicPrefix), instance());
        long fetch = Math.max(1, Math.min(ConsumerConfig.DEFAULT_FETCH_MAX_BYTES, maxInFlightBytes() / 2));
        config.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Long.toString(fetch));
        return config;
    }

    public int maxImageBytes() {
        return values.get(KafkaSettings.MAX_IMAGE_BYTES);
    }

    public String group(String topicPrefix) {
        return topicPrefix + values.get(GROUP);
    }

    /** The producer's transactional id: the same after a restart, another for another instance on this host. */
    public String transactionalId(String topicPrefix) {
        String id = values.get(TRANSACTIONAL_ID);
        if (!id.isEmpty()) {
            return id;
        }
        String[] processAndHost = ManagementFactory.getRuntimeMXBean().getName().split("@", 2);
        int port = values.get(HttpSettings.PORT); // two processes of a host cannot have the same one, unless each takes any
        return "%s-%s-%s".formatted(group(topicPrefix), processAndHost[processAndHost.length - 1],
                port == 0 ? "process-" + processAndHost[0] : port);
    }

    /** The member's name in the group: only a given id is sure to be another for every instance. */
    public Optional<String> instance() {
        return Optional.of(values.get(TRANSACTIONAL_ID)).filter(id -> !id.isEmpty());
    }
}
