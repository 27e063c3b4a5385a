package dev.promptgate.ingest.config;

import dev.promptgate.service.settings.ImageSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import java.net.URI;
import java.time.Duration;

public record IngestSettings(SettingsValues values) {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> HOST = ALL.add(Setting.text("ingest.host", "127.0.0.1",
            "address that takes labels; `0.0.0.0` in a container"));
    public static final Setting<Integer> PORT = ALL.add(Setting.integer("ingest.port", 8082, "its port; 0 takes any")
            .must("lie between 0 and 65535", port -> port >= 0 && port <= 65_535));
    public static final Setting<Integer> MAX_REQUESTS = ALL.add(Setting
            .integer("ingest.max-requests", 64, "requests in hand at once; a further one is answered with 429")
            .must("be positive", n -> n > 0));
    public static final Setting<Long> MAX_IN_FLIGHT_BYTES = ALL.add(Setting.longInteger("ingest.max-in-flight-bytes", 0,
            "the same bound in bytes of their bodies; beyond it the answer is 503. 0 takes an eighth of the largest heap (`-Xmx`), at most"
                    + " 256 MiB")
            .must("be 0 or positive", n -> n >= 0));
    public static final Setting<Duration> REQUEST_TIMEOUT = ALL.add(Setting
            .duration("ingest.request-timeout", Duration.ofSeconds(10), "a request must have arrived whole after this long")
            .must("be at least 100ms", d -> d.toMillis() >= 100));
    public static final Setting<Duration> WRITE_TIMEOUT = ALL.add(Setting
            .duration("ingest.write-timeout", Duration.ofSeconds(10),
                    "Kafka must have acknowledged a record after this long; beyond it the answer is 503")
            .must("lie between 1s and 2m", d -> d.toMillis() >= 1000 && d.toSeconds() <= 120));
    public static final Setting<String> LABEL_STUDIO_URL = ALL.add(Setting.text("ingest.label-studio.url", "",
            "where Label Studio is reached by whoever fetches images, such as `https://labels.example.org`; "
                    + "put before the addresses of images that were uploaded to it")
            .must("be empty or an address with http:// or https://, without name and password", IngestSettings::isEmptyOrHttp));
    public static final Setting<String> LABEL_STUDIO_IMAGE_KEY = ALL.add(Setting
            .text("ingest.label-studio.image-key", "image",
                    "key of a task's data that holds the image: `$image` in the labelling interface")
            .must("not be blank", key -> !key.isBlank()));
    public static final Setting<String> LABEL_STUDIO_FROM_NAME = ALL.add(Setting.text("ingest.label-studio.from-name", "",
            "name of the `Choices` control whose choice is the label; needed where the labelling interface has several"));

    private static final long MOST_IN_FLIGHT_BY_DEFAULT = 256L << 20;
    private static final int BASE64_BYTES = 4;
    private static final int PLAIN_BYTES = 3;

    /** Bytes of bodies in hand beyond which requests are refused. */
    public long maxInFlightBytes() {
        return ImageSettings.inFlightBytes(values.get(MAX_IN_FLIGHT_BYTES), MOST_IN_FLIGHT_BY_DEFAULT);
    }

    public int maxImageBytes() {
        return values.get(KafkaSettings.MAX_IMAGE_BYTES);
    }

    /** The largest event of Label Studio: an image in it is written in Base64. */
    public long maxEventBytes() {
        return (long) maxImageBytes() * BASE64_BYTES / PLAIN_BYTES + (1L << 20);
    }

    private static boolean isEmptyOrHttp(String url) {
        try {
            URI uri = URI.create(url);
            return url.isEmpty() || uri.getHost() != null && uri.getRawUserInfo() == null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
