package dev.promptgate.testing;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** No broker can be had in a container here. The message says why, in one line. */
final class NoContainerException extends Exception {
    NoContainerException(String reason) {
        super(reason);
    }

    NoContainerException(String reason, Throwable cause) {
        super(reason + ": " + firstLines(cause), cause);
    }

    /** Of the whole chain: Testcontainers tells what is wrong only in its middle. */
    private static String firstLines(Throwable cause) {
        return Stream.iterate(cause, e -> e != null, Throwable::getCause)
                .map(e -> String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName()))
                .distinct().collect(Collectors.joining("; "));
    }
}
