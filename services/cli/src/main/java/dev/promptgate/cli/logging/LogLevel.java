package dev.promptgate.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of Promptgate's own log this process writes: {@code PROMPTGATE_LOG_LEVEL}, or the system property {@code promptgate.log.level},
 * which wins.
 */
public final class LogLevel {
    private static final String PROPERTY = "promptgate.log.level";
    private static final String VARIABLE = "PROMPTGATE_LOG_LEVEL";

    private LogLevel() {}

    /** Warnings only, for commands whose own lines tell the same, unless the user has chosen; a logger may exist already. */
    public static void warningsUnlessChosen() {
        if (System.getProperty(PROPERTY) == null && System.getenv(VARIABLE) == null
                && LoggerFactory.getLogger("dev.promptgate") instanceof Logger logger) {
            logger.setLevel(Level.WARN);
        }
    }
}
