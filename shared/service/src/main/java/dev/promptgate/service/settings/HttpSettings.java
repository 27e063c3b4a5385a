package dev.promptgate.service.settings;

import java.time.Duration;

/** The observability endpoint and the stop. */
public final class HttpSettings {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> HOST = ALL.add(Setting.text("http.host", "127.0.0.1",
            "address that metrics and health listen on; `0.0.0.0` in a container"));
    public static final Setting<Integer> PORT = ALL.add(Setting.integer("http.port", 9090, "port of metrics and health; 0 takes any")
            .must("lie between 0 and 65535", port -> port >= 0 && port <= 65_535));
    public static final Setting<Duration> SHUTDOWN_TIMEOUT = ALL.add(Setting.duration("service.shutdown-timeout", Duration.ofSeconds(30),
            "how long an orderly stop may take"));

    private HttpSettings() {}
}
