package dev.promptgate.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds the golden files: what the paper's own code, CLIP's tokenizer and Pillow computed, for tests of parity. Those in the repository, in
 * {@code shared/testing/golden}, are tested always; larger ones only where they lie beside the project, in the folder that the system
 * property {@code golden.dir} names.
 */
public final class GoldenFolders {
    private static final Path COMMITTED = Path.of("shared/testing/golden");

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private GoldenFolders() {}

    /** Small random CLIPs with what the paper's code makes of them: the committed ones, and those of {@code golden.dir} if it is there. */
    public static List<Path> models() {
        List<Path> models = new ArrayList<>(children(committed("gcscoop")));
        List<String> names = models.stream().map(model -> model.getFileName().toString()).toList();
        if (Files.isDirectory(outside())) {
            children(outside()).stream().filter(model -> !names.contains(model.getFileName().toString())).forEach(models::add);
        } else if (!SAID.getAndSet(true)) {
            System.out.printf("Only the golden models %s are tested, the larger ones are not here; set -Dgolden.dir [directory: %s]%n",
                    names,
                    outside());
        }
        return models;
    }

    /**
     * A folder of the repository's golden files, e.g. {@code preprocess}.
     *
     * @throws IllegalStateException if it is missing, or the test does not run in the project's tree
     */
    public static Path committed(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve(COMMITTED).resolve(name);
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        throw new IllegalStateException("The golden files of the repository are missing [directory: " + COMMITTED.resolve(name) + "]");
    }

    /** A folder beside {@code golden.dir}, e.g. {@code tokenizer}; skips the test where it is absent. */
    public static Path beside(String name) {
        Path folder = outside().resolveSibling(name);
        if (!Files.isDirectory(folder)) {
            String message = "Skipped: there are no golden files here; set -Dgolden.dir [directory: " + folder + "]";
            System.out.println(message); // the build tool does not show why a whole class was skipped
            Assumptions.abort(message);
        }
        return folder;
    }

    private static Path outside() {
        return Path.of(System.getProperty("golden.dir", "../shared/golden/gcscoop")).toAbsolutePath().normalize();
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
