package dev.promptgate.objectstore;

import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/** Where S3 is, and who asks. */
public final class S3Settings {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> ENDPOINT = ALL.add(Setting.text("s3.endpoint", "",
            "URL of a server that speaks S3 (MinIO, Ceph …); empty: AWS")
            .must("be a URL of http or https with nothing behind the port", S3Settings::isEndpoint));
    public static final Setting<String> REGION = ALL.add(Setting.text("s3.region", "us-east-1",
            "region that the buckets are kept in; most other servers take any")
            .must("hold lower-case letters, digits and '-' only", region -> region.matches("[a-z0-9-]+")));
    public static final Setting<Boolean> PATH_STYLE = ALL.add(Setting.bool("s3.path-style", false,
            "the bucket in the path, not in the host's name; most servers but AWS need it"));
    public static final Setting<String> ACCESS_KEY_ID = ALL.add(Setting.text("s3.access-key-id", "",
            "who asks; empty: AWS's environment variables, else its profile files, else the container's role. The metadata of an EC2 "
                    + "instance are never asked")
            .given());
    public static final Setting<String> SECRET_ACCESS_KEY = ALL.add(Setting.text("s3.secret-access-key", "",
            "the secret that goes with `s3.access-key-id`").secret().given());
    public static final Setting<Duration> TIMEOUT = ALL.add(Setting.duration("s3.timeout", Duration.ofSeconds(30),
            "longest an object or a page of a list may take, all attempts together; a server that is silent for an attempt's share is "
                    + "asked again. An image by reference has `references.timeout`")
            .must("lie between 100 ms and an hour", time -> time.toMillis() >= 100 && time.compareTo(Duration.ofHours(1)) <= 0));
    public static final Setting<Integer> ATTEMPTS = ALL.add(Setting.integer("s3.attempts", 3,
            "how often a request is made before it counts as failed; that of an image by reference `references.attempts` times")
            .must("lie between 1 and 20", n -> n >= 1 && n <= 20));

    private S3Settings() {}

    /** Whether the settings themselves name who asks. */
    static boolean haveKeys(SettingsValues values) {
        boolean hasId = !values.get(ACCESS_KEY_ID).isEmpty();
        if (hasId == values.get(SECRET_ACCESS_KEY).isEmpty()) {
            throw new InvalidSettingsException(List.of("%s and %s go together; give both or neither".formatted(ACCESS_KEY_ID.key(),
                    SECRET_ACCESS_KEY.key())));
        }
        return hasId;
    }

    private static boolean isEndpoint(String text) {
        try {
            URI uri = new URI(text);
            return text.isEmpty() || List.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null
                    && uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null
                    && List.of("", "/").contains(uri.getRawPath());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
