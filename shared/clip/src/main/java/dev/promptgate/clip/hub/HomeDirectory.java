package dev.promptgate.clip.hub;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * The user's home: HOME, else the one of the user's entry in the system. A container's user may have no entry; Java then says "?", which
 * would be a folder in the working directory. Thread-safe.
 */
public final class HomeDirectory {
    private static final String USER_HOME = "user.home";
    private static final Optional<String> OF_ENTRY = usable(System.getProperty(USER_HOME));

    private HomeDirectory() {}

    /** Empty where neither names a directory. */
    public static Optional<String> of(Map<String, String> environment) {
        return usable(environment.get("HOME")).or(() -> OF_ENTRY);
    }

    /** The path, with the home in place of a {@code ~} in front, which no shell has expanded; empty if there is none to put there. */
    public static Optional<Path> expand(Map<String, String> environment, String path) {
        if (!path.equals("~") && !path.startsWith("~/")) {
            return Optional.of(Path.of(path));
        }
        return of(environment).map(home -> Path.of(path.replaceFirst("~", Matcher.quoteReplacement(home))));
    }

    /** Where Java knows no home: gives libraries that keep caches below it this one, or else the directory for temporary files. */
    public static void giveToLibraries(Map<String, String> environment) {
        if (OF_ENTRY.isEmpty()) {
            System.setProperty(USER_HOME, of(environment).orElseGet(() -> System.getProperty("java.io.tmpdir")));
        }
    }

    private static Optional<String> usable(String directory) {
        return Optional.ofNullable(directory).filter(name -> Path.of(name).isAbsolute());
    }
}
