package dev.promptgate.experiments.data;

import java.io.File;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Names of files as labels and ids. They are bytes to the system, and Java reads them in the locale's encoding: what is no text there
 * becomes U+FFFD, so that different names would become one.
 */
public final class FileNames {
    /** Of macOS, Windows and Synology's servers; the last one holds pictures of its own. */
    private static final Set<String> OF_SYSTEMS = Set.of("__MACOSX", "$RECYCLE.BIN", "@eaDir");
    private static final char LOST = '\uFFFD';
    // Windows keeps names as text
    private static final boolean ARE_UTF_8 = File.separatorChar == '\\'
            || Charset.forName(System.getProperty("sun.jnu.encoding")).equals(StandardCharsets.UTF_8);

    private FileNames() {}

    /** @throws DataException if the process cannot read such a name */
    public static void requireReadable(String name) throws DataException {
        if (!ARE_UTF_8 && name.chars().anyMatch(c -> c > 127)) {
            throw new DataException("Names of files cannot be read in this locale; set LC_ALL=C.UTF-8, or another locale of UTF-8 that is"
                    + " installed here [encoding: %s]".formatted(System.getProperty("sun.jnu.encoding")));
        }
    }

    /** Whether characters have been lost. */
    static boolean isLost(String text) {
        return text.indexOf(LOST) >= 0;
    }

    /** Whether a file or folder of this name is hidden: by a dot in front, or made by a system for itself. */
    static boolean isHidden(String name) {
        return name.startsWith(".") || OF_SYSTEMS.contains(name);
    }
}
