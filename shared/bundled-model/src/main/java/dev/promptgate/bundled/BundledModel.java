package dev.promptgate.bundled;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The bundled small CLIP, unpacked to a directory in Hugging Face layout. */
public final class BundledModel {
    private static final List<String> FILES = List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
            "vocab.json", "merges.txt", "preprocessor_config.json", "expected.json", "README.md", "ATTRIBUTION.md");

    private BundledModel() {}

    /** Unpacks the model's files into a directory, over what is there; each file appears whole or not at all. */
    public static Path extractTo(Path directory) {
        try {
            Files.createDirectories(directory);
            for (String name : FILES) {
                try (InputStream in = BundledModel.class.getResourceAsStream("mini-clip/" + name)) {
                    if (in == null) {
                        throw new IllegalStateException("The bundled model lacks a file; rebuild the project [file: " + name + "]");
                    }
                    unpack(in, directory, name);
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The bundled model cannot be unpacked; make room there, or name a directory that can be written in "
                            + "model.cache-directory [directory: %s, cause: %s: %s]"
                                    .formatted(directory, e.getClass().getSimpleName(), e.getMessage()),
                    e);
        }
    }

    private static void unpack(InputStream in, Path directory, String name) throws IOException {
        Path part = Files.createTempFile(directory, name, ".part");
        try {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part); // else every start on a full disk would leave one more
        }
    }
}
