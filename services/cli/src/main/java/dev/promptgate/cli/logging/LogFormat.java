package dev.promptgate.cli.logging;

import dev.promptgate.messaging.record.WireName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How this process writes its log: {@code PROMPTGATE_LOG_FORMAT}, or the system property {@code promptgate.log.format}, which wins. It is
 * no setting of the file's, because lines are written before that is read.
 */
public enum LogFormat implements WireName {
    TEXT,
    /** A JSON object a line, for whatever collects logs. */
    JSON;

    private static final String PROPERTY = "promptgate.log.format";
    private static final String VARIABLE = "PROMPTGATE_LOG_FORMAT";

    private static String chosen() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
                .orElse(TEXT.wireName());
    }

    /** What is wrong with the choice, in one line; empty if it is known. */
    public static Optional<String> complaint() {
        List<String> known = Arrays.stream(values()).map(LogFormat::wireName).toList();
        return known.contains(chosen()) ? Optional.empty()
                : Optional.of("%s must be %s [found: %s]".formatted(VARIABLE, String.join(" or ", known), chosen()));
    }

    public static boolean isJson() {
        return chosen().equals(JSON.wireName());
    }
}
