package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.layout.ModelLayout;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Parity with open_clip's model code on CLIPs in the layouts that people have: every sub-folder of the directory that the system property
 * {@code layouts.dir} names, else those in the repository. Nothing but what lies in a folder says how it is loaded.
 */
class LayoutGoldenTest {
    private static final double FEATURE_TOLERANCE = 1e-4;
    private static final double SCALE_TOLERANCE = 1e-5;
    // Nothing in a state dict tells; in OpenAI's own models it is 64.
    private static final int HEAD_WIDTH = 32;

    @TestFactory
    Stream<DynamicTest> featuresAndScaleAreOpenClips() throws IOException {
        String given = System.getProperty("layouts.dir");
        Path directory = given == null ? GoldenFolders.committed("layouts") : Path.of(given);
        try (Stream<Path> children = Files.list(directory)) {
            List<Path> folders = children.filter(Files::isDirectory).sorted().toList();
            assertFalse(folders.isEmpty(), "no folder in " + directory.toAbsolutePath());
            return folders.stream().map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
        }
    }

    private static void check(Path folder) {
        GoldenTensors expected = new GoldenTensors(folder.resolve("expected.safetensors"));
        try (ModelLayout layout = ModelLayout.open(folder, HEAD_WIDTH);
                ClipModel model = new ClipModel(layout.config(), layout.weights(), ComputeOptions.cpu(),
                        ImagePreprocessor.read(layout.preprocessing(), layout.config().vision().imageSize()), Optional.empty())) {
            assertClose(model.imageEncoder().encode(Arrays.asList(expected.rows("pixel_values"))), expected.rows("image_features"));
            TextShape text = layout.config().text();
            int[][] ids = expected.tokenIds("plain_token_ids", text.eosId());
            for (int[] sequence : ids) {
                assertEquals(text.bosId(), sequence[0]);
            }
            assertClose(model.textEncoder().encodeTokenIds(ids), expected.rows("plain_text_features"));
            assertClose(model.textEncoder().fullLength().encodeTokenIds(ids), expected.rows("plain_text_features"));
            float scale = expected.floats("logit_scale")[0];
            assertEquals(scale, model.logitScale(), SCALE_TOLERANCE * scale);
        }
    }

    private static void assertClose(float[][] actual, float[][] expected) {
        assertEquals(expected.length, actual.length);
        double deviation = Deviation.relativeToLargest(actual, expected);
        assertTrue(deviation <= FEATURE_TOLERANCE, "deviates by " + deviation + " of the largest value");
    }
}
