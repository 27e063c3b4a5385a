package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.text.ConditionalEncoder;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.clip.text.TextPass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many contexts in one pass give what each gives on its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConditionalEncoderIT {
    private static final int CONTEXTS = 7;
    private ClipModel model;
    private TextEncoder encoder;
    private PromptSet prompts;
    private List<Context> contexts;
    private float[][][] directions; // ∂loss/∂features of each context

    @BeforeAll
    void load(@TempDir Path temporary) {
        model = ClipModel.load(BundledModel.extractTo(temporary), ComputeOptions.cpu());
        encoder = model.textEncoder();
        prompts = encoder.prompts(List.of("red apple", "bus", "electric kettle with a lid", "fox", "ice cream"), 4);
        Context handWritten = encoder.contextFrom("a photo of a");
        Random random = new Random(7);
        contexts = new ArrayList<>();
        directions = new float[CONTEXTS][prompts.size()][model.featureDim()];
        for (int i = 0; i < CONTEXTS; i++) {
            contexts.add(handWritten.withValues(near(handWritten.values(), random)));
            for (float[] row : directions[i]) {
                fill(row, random);
            }
        }
    }

    @AfterAll
    void close() {
        model.close();
    }

    /** From the classes of one context in several parts, over a few contexts at once, to all in one chunk. */
    @ParameterizedTest
    @ValueSource(ints = {8, 30, 70, 1536})
    void featuresAndGradientsAreThoseOfOneContextAtATime(int chunkTokens) {
        ConditionalEncoder conditional = encoder.withChunkTokens(chunkTokens).conditional();
        float[][][] features = new float[CONTEXTS][][];
        conditional.features(contexts, prompts, (text, i) -> features[i] = text);
        float[][][] seen = new float[CONTEXTS][][];
        float[][] gradients = conditional.gradients(contexts, prompts, (i, text) -> {
            seen[i] = text;
            return directions[i];
        });
        for (int i = 0; i < CONTEXTS; i++) {
            try (TextPass alone = encoder.differentiate(contexts.get(i), prompts)) {
                assertTrue(largestDifference(features[i], alone.features()) <= 1e-5, "features under context " + i);
                assertTrue(largestDifference(seen[i], alone.features()) <= 1e-5, "features with a graph under context " + i);
                double deviation = Deviation.relativeNorm(gradients[i], alone.gradient(directions[i]));
                assertTrue(deviation <= 1e-4, "the gradient of context " + i + " deviates by " + deviation);
            }
        }
    }

    @Test
    void nothingLeaksOverManyPasses() {
        PromptSet few = encoder.prompts(List.of("bus", "red apple"), 4);
        ConditionalEncoder conditional = encoder.withChunkTokens(30).conditional(); // three contexts in two chunks
        conditional.features(contexts.subList(0, 3), few, (text, i) -> {});
        long before = model.managedArrays();
        for (int i = 0; i < 100; i++) {
            conditional.features(contexts.subList(0, 3), few, (text, context) -> {});
            conditional.gradients(contexts.subList(0, 3), few,
                    (context, text) -> new float[][] {directions[context][0], directions[context][1]});
        }
        assertEquals(before, model.managedArrays());
    }

    @Test
    void aLossThatFailsLeavesTheEncoderUsable() {
        long before = model.managedArrays();
        assertThrows(IllegalStateException.class, () -> encoder.conditional().gradients(contexts, prompts, (i, text) -> {
            throw new IllegalStateException("no loss");
        }));
        assertEquals(before, model.managedArrays());
        assertEquals(CONTEXTS, encoder.conditional().gradients(contexts, prompts, (i, text) -> directions[i]).length);
    }

    @Test
    void aContextThatDoesNotFitThePromptsIsRefused() {
        Context shorter = encoder.contextFrom("a photo");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> encoder.conditional().features(List.of(contexts.get(0), shorter), prompts, (text, i) -> {}));
        assertTrue(e.getMessage().contains("does not fit"), e.getMessage());
    }

    private static float[] near(float[] values, Random random) {
        float[] shifted = values.clone();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] += 0.02f * (float) random.nextGaussian();
        }
        return shifted;
    }

    private static void fill(float[] row, Random random) {
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
    }

    private static double largestDifference(float[][] actual, float[][] expected) {
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                largest = Math.max(largest, Math.abs(actual[i][j] - expected[i][j]));
            }
        }
        return largest;
    }
}
