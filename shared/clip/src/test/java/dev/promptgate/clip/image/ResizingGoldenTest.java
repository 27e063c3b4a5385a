package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.image.Resizing.Filter;
import dev.promptgate.clip.image.Resizing.Mode;
import dev.promptgate.testing.GoldenFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Squares equal to Pillow's, to the bit, in every mode and with every filter. */
class ResizingGoldenTest {
    private static final int SIZE = 24;
    private static final int FILL = 77;

    private final Path folder = GoldenFolders.committed("resizing");

    @ParameterizedTest
    @ValueSource(strings = {"wide", "tall", "small", "same"})
    void squaresArePillows(String name) throws Exception {
        byte[] file = Files.readAllBytes(folder.resolve(name + ".png"));
        for (Mode mode : Mode.values()) {
            for (Filter filter : Filter.values()) {
                String expected = "expected-%s-%s-%s.png".formatted(name, mode, filter).toLowerCase(Locale.ROOT);
                byte[] pillows = Decoded.of(Files.readAllBytes(folder.resolve(expected)), ImageLimits.DEFAULT).rgb();
                ImagePreprocessor preprocessor = new ImagePreprocessor(SIZE, new float[3], new float[] {1, 1, 1},
                        new Resizing(mode, filter, FILL), ImageLimits.DEFAULT);
                assertArrayEquals(pillows, preprocessor.rgbCrop(file), expected);
            }
        }
    }

    @Test
    void pixelsAreThoseOfTransformersForEveryFile(@TempDir Path directory) throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("transformers.jsonl"));
        for (String line : lines.subList(1, lines.size())) {
            JsonNode example = new ObjectMapper().readTree(line);
            Files.writeString(directory.resolve("preprocessor_config.json"), example.get("file").toString());
            float[] pixels = ImagePreprocessor.read(directory, SIZE)
                    .preprocess(Files.readAllBytes(folder.resolve(example.get("image").asText())));
            for (int i = 0; i < pixels.length; i += 101) {
                double expected = example.get("every_101st_pixel").get(i / 101).asDouble();
                assertEquals(expected, pixels[i], 2e-6 * Math.max(1, Math.abs(expected)), line);
            }
        }
        assertEquals(31, lines.size());
    }
}
