package dev.promptgate.experiments.run;

import dev.promptgate.clip.digest.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results in a folder, one file each, named by a digest of everything that they depend on: what was done under other settings is never
 * taken for an answer. Files appear whole or not at all. Several processes may use one folder.
 */
public final class DigestFolder {
    private static final Logger LOG = LoggerFactory.getLogger(DigestFolder.class);

    private final Path folder;
    private final String circumstances;

    /**
     * @param circumstances all that the results depend on and have in common: protocol, data, model
     * @throws IOException if the folder cannot be made
     */
    public DigestFolder(Path folder, String circumstances) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.circumstances = circumstances;
    }

    @FunctionalInterface
    interface Decoder<T> {
        T decode(byte[] bytes) throws IOException;
    }

    /** What is there; a damaged file is named and counts as none. Settings are all that this result alone depends on. */
    <T> Optional<T> find(Cell cell, String settings, Decoder<T> decoder) {
        Path file = file(cell, settings);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(decoder.decode(Files.readAllBytes(file)));
        } catch (IOException e) {
            LOG.warn("A finished result cannot be read and is made again [file: {}, reason: {}]", file, e.getMessage());
            return Optional.empty();
        }
    }

    void save(Cell cell, String settings, byte[] bytes) throws IOException {
        Path partial = Files.createTempFile(folder, cell.fileName(), ".partial");
        Files.write(partial, bytes);
        Files.move(partial, file(cell, settings), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file(Cell cell, String settings) {
        String all = String.join("\n", cell.fileName(), circumstances, settings);
        String digest = Sha256.hex(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        return folder.resolve("%s-%s.json".formatted(cell.fileName(), digest));
    }
}
