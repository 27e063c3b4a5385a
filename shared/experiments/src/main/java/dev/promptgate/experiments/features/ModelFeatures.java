package dev.promptgate.experiments.features;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.experiments.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The cached features of one model: a directory of {@link Segment}s that only ever gains files. A segment appears whole, under a name of
 * its own, so writers need no lock; two that encode the same image leave it twice, with equal features. What a crash loses is what was not
 * yet written: {@value #ROWS} features or half a minute's work at most. One file is open at a time. Not thread-safe.
 */
final class ModelFeatures implements AutoCloseable {
    private static final int ROWS = 4096;
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration STALE = Duration.ofDays(1);
    private static final String SEGMENT = ".safetensors";
    private static final String PART = ".part";

    private final Path directory;
    private final String fingerprint;
    private final int dim;
    private final Map<String, float[]> unwritten = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private Instant written = Instant.now();

    private ModelFeatures(Path directory, String fingerprint, int dim) {
        this.directory = directory;
        this.fingerprint = fingerprint;
        this.dim = dim;
    }

    static ModelFeatures open(Path store, ClipModel model) throws DataException {
        return open(store.resolve(model.imageFingerprint().replace(':', '-')), model.imageFingerprint(), model.featureDim());
    }

    /** @throws DataException if the directory cannot be used */
    static ModelFeatures open(Path directory, String fingerprint, int dim) throws DataException {
        try {
            Files.createDirectories(directory);
            deleteStale(directory);
            return new ModelFeatures(directory, fingerprint, dim);
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(
                    "The feature cache cannot be used; make its directory writable or choose another [directory: %s, cause: %s]"
                            .formatted(directory, e),
                    e);
        }
    }

    /** What writers that crashed left; those at work have touched theirs lately, and may rename them any moment. */
    private static void deleteStale(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.toString().endsWith(PART)).toList()) {
                try {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(STALE))) {
                        Files.delete(file);
                    }
                } catch (NoSuchFileException e) {
                    // It has its name by now, or another process was first
                }
            }
        }
    }

    /**
     * The features of those keys that are in the cache. Damaged files are ignored and noted.
     *
     * @throws DataException if a file belongs to another model, or the directory cannot be read
     */
    Map<String, float[]> find(Set<String> keys) throws DataException {
        Map<String, float[]> found = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.toString().endsWith(SEGMENT)).sorted().toList()) {
                try {
                    found.putAll(Segment.read(file, fingerprint, dim, key -> keys.contains(key) && !found.containsKey(key)));
                } catch (IOException e) {
                    notes.add("A file of the feature cache is damaged and ignored; delete it [file: %s, cause: %s]"
                            .formatted(file, FirstLine.of(e)));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new DataException("The feature cache cannot be read [directory: %s, cause: %s]".formatted(directory, e), e);
        }
        return found;
    }

    void put(String key, float[] feature) throws DataException {
        unwritten.put(key, feature);
        if (unwritten.size() >= ROWS || written.plus(INTERVAL).isBefore(Instant.now())) {
            write();
        }
    }

    /** A line for each damaged file met. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    private void write() throws DataException {
        if (unwritten.isEmpty()) {
            return;
        }
        Path part = directory.resolve(UUID.randomUUID() + PART);
        try {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = Segment.encode(fingerprint, dim, unwritten);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true); // before the name: after a power cut a named file is whole
            }
            Files.move(part, directory.resolve(part.getFileName().toString().replace(PART, SEGMENT)), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            part.toFile().delete(); // if that fails too, it is stale tomorrow
            throw new DataException(
                    "The feature cache cannot be written; is the disk full? [directory: %s, cause: %s]".formatted(directory, e), e);
        }
        unwritten.clear();
        written = Instant.now();
    }

    @Override
    public void close() throws DataException {
        write();
    }
}
