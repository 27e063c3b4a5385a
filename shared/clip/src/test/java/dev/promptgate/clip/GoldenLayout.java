package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.layout.ModelLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Loads a model of {@code golden/layouts} and holds its features and logit scale against open_clip's. */
public final class GoldenLayout {
    private static final double FEATURE_TOLERANCE = 1e-4;
    private static final double SCALE_TOLERANCE = 1e-5;
    // Nothing in a state dict tells; in OpenAI's own models it is 64.
    private static final int HEAD_WIDTH = 32;

    private GoldenLayout() {}

    /**
     * @param location of the model: a directory or a file
     * @param features the file with inputs and the features that open_clip computes of them
     */
    public static void check(Path location, Path features) {
        GoldenTensors expected = new GoldenTensors(features);
        try (ModelLayout layout = ModelLayout.open(location, HEAD_WIDTH);
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
