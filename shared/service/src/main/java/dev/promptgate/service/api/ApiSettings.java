package dev.promptgate.service.api;

import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsValues;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the services that answer applications and people have in common: who may ask, and TLS. */
public record ApiSettings(SettingsValues values) {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> TOKEN = ALL.add(Setting.text("api.token", "",
            "bearer token that requests to classifier and ingest and the console's commands must carry; "
                    + "empty opens classifier and ingest to all and takes no commands from the console")
            .secret().given());
    public static final Setting<String> TLS_CERTIFICATE = ALL.add(Setting.text("api.tls-certificate", "",
            "file of the certificate chain (PEM); with `api.tls-key` classifier, ingest and console speak TLS").given());
    public static final Setting<String> TLS_KEY = ALL.add(Setting.text("api.tls-key", "", "file of its private key (PEM)").given());
    public static final Setting<String> ALLOWED_HOSTS = ALL.add(Setting.list("api.allowed-hosts", "",
            "names, with commas, by which browsers may reach classifier, ingest and console where these listen on loopback, e.g. through a "
                    + "proxy on the same machine; always localhost and addresses"));

    public String allowedHosts() {
        return values.get(ALLOWED_HOSTS);
    }

    public Optional<String> token() {
        return Optional.of(values.get(TOKEN)).filter(token -> !token.isBlank());
    }

    /**
     * Certificate and key, if they are set.
     *
     * @throws InvalidSettingsException if only one of the two is set or a file cannot be read
     */
    public Optional<PemKeyCertOptions> tls() {
        String certificate = values.get(TLS_CERTIFICATE).strip();
        String key = values.get(TLS_KEY).strip();
        List<String> violations = new ArrayList<>();
        if (certificate.isEmpty() != key.isEmpty()) {
            violations.add("api.tls-certificate and api.tls-key belong together: set both or none");
        }
        requireReadable(TLS_CERTIFICATE, certificate, violations);
        requireReadable(TLS_KEY, key, violations);
        if (!violations.isEmpty()) {
            throw new InvalidSettingsException(violations);
        }
        return certificate.isEmpty() ? Optional.empty() : Optional.of(new PemKeyCertOptions().addCertPath(certificate).addKeyPath(key));
    }

    private static void requireReadable(Setting<?> setting, String file, List<String> violations) {
        if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
            violations.add("%s: there is no readable file [file: %s]".formatted(setting.key(), file));
        }
    }
}
