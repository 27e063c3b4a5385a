package dev.promptgate.clip.failure;

/** What a failure says of itself, for messages of one line. */
public final class FirstLine {
    private FirstLine() {}

    /** The first line of its message; {@code null} in letters if it has none. */
    public static String of(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
