package dev.promptgate.classifier.config;

import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.clip.pipeline.ImagePipeline;
import dev.promptgate.service.settings.ImageSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import java.time.Duration;

public record ClassifierSettings(SettingsValues values) {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> HOST = ALL.add(Setting.text("classifier.host", "127.0.0.1",
            "address that applications ask; `0.0.0.0` in a container"));
    public static final Setting<Integer> PORT = ALL.add(Setting.integer("classifier.port", 8080, "its port; 0 takes any")
            .must("lie between 0 and 65535", port -> port >= 0 && port <= 65_535));
    public static final Setting<String> CLASSES = ALL.add(Setting.text("classifier.classes", "",
            "file of class names, one a line, that the classifier answers with beside those of the live prompt"));
    public static final Setting<Boolean> ABSTAIN = ALL.add(Setting.bool("classifier.abstain", false,
            "answers without a label where the live prompt is unsure, by the threshold of its rollout; for requests that neither say "
                    + "`abstain` nor name classes"));
    public static final Setting<Integer> BATCH_SIZE = ALL.add(Setting.integer("classifier.batch-size", 32, "most images encoded together")
            .must("lie between 1 and 4096", n -> n >= 1 && n <= 4096));
    public static final Setting<Duration> BATCH_DELAY = ALL.add(Setting.duration("classifier.batch-delay", Duration.ofMillis(10),
            "longest wait for a batch to fill"));
    public static final Setting<Integer> DECODE_THREADS = ALL.add(Setting
            .integer("classifier.decode-threads", 0, "threads that decode images; 0 takes the number of processors")
            .must("lie between 0 and 1024", n -> n >= 0 && n <= 1024));
    public static final Setting<Integer> QUEUE = ALL.add(Setting
            .integer("classifier.queue", 512, "decoded images that may wait for a batch; a further one is answered with 503")
            .must("be positive", n -> n > 0));
    public static final Setting<Integer> MAX_REQUESTS = ALL.add(Setting
            .integer("classifier.max-requests", 256, "requests in hand at once; a further one is answered with 429")
            .must("be positive", n -> n > 0));
    public static final Setting<Long> MAX_IN_FLIGHT_BYTES = ALL.add(Setting.longInteger("classifier.max-in-flight-bytes", 0,
            "the same bound in bytes of their bodies; beyond it the answer is 503. 0 takes an eighth of the largest heap (`-Xmx`), at most"
                    + " 256 MiB")
            .must("be 0 or positive", n -> n >= 0));
    public static final Setting<Integer> MAX_BATCH_IMAGES = ALL.add(Setting
            .integer("classifier.max-batch-images", 64, "most images of a request to /v1/classify/batch").must("be positive", n -> n > 0));
    public static final Setting<Long> MAX_BATCH_BYTES = ALL.add(Setting.longInteger("classifier.max-batch-bytes", 64L << 20,
            "largest body of such a request; that of a single image is `images.max-bytes`").must("be positive", n -> n > 0));
    public static final Setting<Long> MAX_PIXELS = ALL.add(Setting
            .longInteger("classifier.max-pixels", 50_000_000, "largest image, width × height; refused from its header")
            .must("be positive", n -> n > 0));
    public static final Setting<Integer> MAX_CLASSES = ALL.add(Setting
            .integer("classifier.max-classes", 1000, "most `class` parameters of a request").must("be positive", n -> n > 0));
    public static final Setting<Integer> TEXT_CACHE = ALL.add(Setting
            .integer("classifier.text-cache", 10_000, "classes given by requests whose text features are remembered for each prompt")
            .must("be positive", n -> n > 0));
    public static final Setting<Duration> REQUEST_TIMEOUT = ALL.add(Setting
            .duration("classifier.request-timeout", Duration.ofSeconds(10),
                    "a request must have arrived whole after this long; an image waits as long for memory to be decoded in, beyond it the"
                            + " answer is 503")
            .must("be at least 100ms", d -> d.toMillis() >= 100));
    public static final Setting<Boolean> SHADOW = ALL.add(Setting.bool("classifier.shadow", false,
            "scores the newest candidate on the same images, too, and writes how often it disagrees to `shadow-reports`"));
    public static final Setting<Duration> SHADOW_INTERVAL = ALL.add(Setting
            .duration("classifier.shadow-interval", Duration.ofMinutes(1), "time between two such reports")
            .must("be at least 100ms", d -> d.toMillis() >= 100));

    private static final long MOST_IN_FLIGHT_BY_DEFAULT = 256L << 20;

    public String prompt() {
        return values.get(PromptSettings.NAME);
    }

    /** How images are decoded, out of whose memory, and batched. */
    public ImagePipeline.Options pipeline(DecodeMemory memory) {
        int threads = values.get(DECODE_THREADS);
        return new ImagePipeline.Options("promptgate-classifier", threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                new ImageLimits(values.get(MAX_PIXELS), maxImageBytes(), memory.waitingAtMost(values.get(REQUEST_TIMEOUT))),
                values.get(BATCH_SIZE), values.get(BATCH_DELAY), false, values.get(QUEUE));
    }

    /** Bytes of bodies in hand beyond which requests are refused. */
    public long maxInFlightBytes() {
        return ImageSettings.inFlightBytes(values.get(MAX_IN_FLIGHT_BYTES), MOST_IN_FLIGHT_BY_DEFAULT);
    }

    public int maxImageBytes() {
        return values.get(KafkaSettings.MAX_IMAGE_BYTES);
    }
}
