package dev.promptgate.clip.image;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Google's decoder of WebP, whose native library is unpacked and loaded once a process. Decoders written in Java get colours of lossy files
 * wrong. Thread-safe.
 */
final class LibWebp {
    private static final String FOLDER = "com.luciad.imageio.webp.tmpdir";
    private static final byte[] ONE_PIXEL = Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA4AAAAvAAAAAAcQEf0PRET/Aw==");

    private LibWebp() {}

    /**
     * Makes sure that WebP can be decoded on this machine.
     *
     * @throws ModelException if not
     */
    static void require() {
        if (Loaded.FAILURE != null) {
            throw new ModelException(
                    "WebP's native library cannot be loaded; make room in java.io.tmpdir and let programs be loaded from it"
                            + " [java.io.tmpdir: %s, cause: %s]".formatted(System.getProperty("java.io.tmpdir"),
                                    FirstLine.of(Loaded.FAILURE)),
                    Loaded.FAILURE);
        }
    }

    private static final class Loaded {
        static final Throwable FAILURE = load();

        /** In a folder of its own, which is gone when the library is loaded: a killed process leaves nothing behind. */
        private static Throwable load() {
            try {
                Path folder = Files.createTempDirectory("promptgate-webp");
                System.setProperty(FOLDER, folder.toString());
                try {
                    ImageIO.read(new ByteArrayInputStream(ONE_PIXEL));
                    return null;
                } finally {
                    delete(folder);
                }
            } catch (IOException | RuntimeException | LinkageError e) {
                return e;
            }
        }

        private static void delete(Path folder) throws IOException {
            try (Stream<Path> paths = Files.walk(folder)) {
                List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
                for (Path path : deepestFirst) {
                    path.toFile().delete(); // Windows keeps it until the process ends
                }
            }
        }
    }
}
