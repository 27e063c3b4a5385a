package dev.promptgate.chaos;

import java.time.Duration;

/** How much is done to the services: a short form at every build, the whole with {@code mvn verify -Pchaos}. */
public final class Scale {
    static final boolean FULL = Boolean.getBoolean("chaos.full");
    static final int KILLS = FULL ? 20 : 3;
    /** Copies of the sample stream's 3,840 images, for services that are killed. */
    static final int COPIES = FULL ? 4 : 1;
    static final int POISONED_STREAM = FULL ? 50_000 : 3_000;
    static final Duration BROKER_OUTAGE = Duration.ofSeconds(FULL ? 30 : 6);
    static final Duration REBALANCING = Duration.ofSeconds(FULL ? 60 : 12);
    /** Of everything together; a machine that is busy with other things may need long. */
    public static final Duration LIMIT = Duration.ofMinutes(FULL ? 20 : 4);

    private Scale() {}
}
