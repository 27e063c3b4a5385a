package dev.promptgate.references;

import dev.promptgate.objectstore.S3Location;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From where images may be fetched that records only refer to, and what that may take. Nothing is allowed unless it is listed. */
public record ReferenceSettings(SettingsValues values) {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> HOSTS = ALL.add(Setting.text("references.hosts", "",
            "hosts that images may be fetched from over https, with commas: `images.example.org`, `*.example.org` for all below it, "
                    + "`images.example.org:8443` where the port is not 443; empty: none")
            .must("hold names of hosts in lower case, each with a port if that is not 443", AllowedHosts::isList));
    public static final Setting<String> FILE_ROOTS = ALL.add(Setting.text("references.file-roots", "",
            "folders below which images may be read as `file:///…`, with commas; links that lead out of them are refused; empty: none")
            .must("hold absolute paths", ReferenceSettings::areAbsolute));
    public static final Setting<String> S3_BUCKETS = ALL.add(Setting.text("references.s3-buckets", "",
            "buckets that images may be fetched from as `s3://bucket/key`, with commas; `s3.*` says where S3 is and who asks; empty: none")
            .must("hold names of buckets", ReferenceSettings::areBuckets));
    public static final Setting<Boolean> ALLOW_PRIVATE = ALL.add(Setting.bool("references.allow-private-addresses", false,
            "whether a listed host may have an address that is not public: of a private network, this machine, a cloud's metadata"));
    public static final Setting<String> TRUST = ALL.add(Setting.text("references.trust-certificates", "",
            "file of the authorities (PEM) that hosts' certificates are checked against; empty takes the JVM's"));
    public static final Setting<Integer> MAX_BYTES = ALL.add(Setting
            .integer("references.max-bytes", 20 << 20,
                    "largest image that is fetched; may be above `images.max-bytes`, which bounds records")
            .must("lie between 1 KiB and 1 GiB", n -> n >= 1024 && n <= 1 << 30));
    public static final Setting<Duration> TIMEOUT = ALL.add(Setting
            .duration("references.timeout", Duration.ofSeconds(20), "how long fetching one image may take, all attempts together")
            .must("be positive", time -> !time.isZero()));
    public static final Setting<Integer> ATTEMPTS = ALL.add(Setting
            .integer("references.attempts", 3, "most attempts while a host or S3 does not answer or answers 408, 429 or 5xx")
            .must("lie between 1 and 100", n -> n >= 1 && n <= 100));
    public static final Setting<Integer> PARALLEL = ALL.add(Setting
            .integer("references.parallel", 8, "images fetched at once; times `references.max-bytes` is the most memory that they take")
            .must("lie between 1 and 256", n -> n >= 1 && n <= 256));

    AllowedHosts hosts() {
        return AllowedHosts.parse(values.get(HOSTS));
    }

    List<Path> fileRoots() {
        return list(values.get(FILE_ROOTS)).stream().map(entry -> Path.of(entry).normalize()).toList();
    }

    Set<String> s3Buckets() {
        return Set.copyOf(list(values.get(S3_BUCKETS)));
    }

    /**
     * What hosts' certificates are checked against; empty for what the JVM trusts.
     *
     * @throws InvalidSettingsException if the file cannot be used
     */
    Optional<PemTrustOptions> authorities() {
        String file = values.get(TRUST);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new CertificateException("there is none");
            }
        } catch (IOException | CertificateException | InvalidPathException e) {
            throw new InvalidSettingsException(
                    List.of("%s must name a file of certificates, PEM [value: %s]".formatted(TRUST.key(), file)));
        }
        return Optional.of(new PemTrustOptions().addCertPath(file));
    }

    static List<String> list(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(entry -> !entry.isEmpty()).toList();
    }

    private static boolean areBuckets(String text) {
        try {
            list(text).forEach(bucket -> new S3Location(bucket, ""));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean areAbsolute(String text) {
        try {
            return list(text).stream().allMatch(entry -> Path.of(entry).isAbsolute());
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
