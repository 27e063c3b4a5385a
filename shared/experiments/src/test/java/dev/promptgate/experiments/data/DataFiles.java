package dev.promptgate.experiments.data;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Images on disk for tests, and what became of them. */
public final class DataFiles {
    private static final List<SampleStream.Entry> ENTRIES = SampleStream.entries();

    private DataFiles() {}

    /** Writes an image of the sample stream, the number-th. */
    public static Path image(Path file, int number) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, SampleStream.bytes(ENTRIES.get(number)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes images {@code 0.jpg}, {@code 1.jpg} … */
    static void images(Path folder, int count) {
        for (int i = 0; i < count; i++) {
            image(folder.resolve(i + ".jpg"), i);
        }
    }

    static Map<String, DataPart> parts(ImageSet set) {
        return set.images().stream().collect(Collectors.toMap(ExperimentImage::id, ExperimentImage::part, (a, b) -> a, TreeMap::new));
    }

    /** The message of the refusal, which is one line. */
    static String refusal(Path data, Path images) {
        String message = assertThrows(DataException.class, () -> ImageSet.open(data, Optional.ofNullable(images))).getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }
}
