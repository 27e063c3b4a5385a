package dev.promptgate.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Finds the golden files: what the paper's own code, CLIP's tokenizer and Pillow computed, for tests of parity. */
public final class GoldenFolders {
    private GoldenFolders() {}

    /** The sub-folders of the directory named by the system property {@code golden.dir}; skips the test where it is absent. */
    public static List<Path> models() {
        try (Stream<Path> folders = Files.list(root())) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder beside the models', e.g. {@code tokenizer}; skips the test where it is absent. */
    public static Path beside(String name) {
        Path folder = root().resolveSibling(name);
        return present(folder);
    }

    private static Path root() {
        return present(Path.of(System.getProperty("golden.dir", "../shared/golden/gcscoop")).toAbsolutePath().normalize());
    }

    private static Path present(Path folder) {
        if (!Files.isDirectory(folder)) {
            String message = "Skipped: there are no golden files here; set -Dgolden.dir [directory: " + folder + "]";
            System.out.println(message); // the build tool does not show why a whole class was skipped
            Assumptions.abort(message);
        }
        return folder;
    }
}
