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

    public static final Setting<Duration> STALL_LIMIT = ALL.add(Setting.duration("service.stall-limit", Duration.ofMinutes(30),
            "how long a loop or a piece of work may get no further before `/health/live` is DOWN; longer than the longest training step, "
                    + "comparison of prompts and encoding of a prompt's classes take")
            .must("be at least 2m: so long one attempt to reach Kafka may take", limit -> limit.toMinutes() >= 2));

    private HttpSettings() {}
}
