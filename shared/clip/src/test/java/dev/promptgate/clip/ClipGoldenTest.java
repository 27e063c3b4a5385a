package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.clip.text.TextPass;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parity with the paper's own code on small random models. */
class ClipGoldenTest {
    private static final double FEATURE_TOLERANCE = 1e-4;
    private static final double HALF_PRECISION_TOLERANCE = 5e-3;

    static List<Path> folders() {
        return GoldenFolders.models();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void imageFeaturesAreThePapers(Path folder) throws IOException {
        GoldenModel golden = GoldenModel.open(folder);
        try (ClipModel model = ClipModel.load(folder, ComputeOptions.cpu())) {
            float[][] features = model.imageEncoder().encode(Arrays.asList(golden.rows("pixel_values")));
            assertClose(features, unit(golden.rows("image_features")), FEATURE_TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void plainTextFeaturesAreThePapers(Path folder) throws IOException {
        GoldenModel golden = GoldenModel.open(folder);
        try (ClipModel model = ClipModel.load(folder, ComputeOptions.cpu())) {
            assertClose(model.textEncoder().encodeTokenIds(golden.plainTokenIds()), unit(golden.rows("plain_text_features")),
                    FEATURE_TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void promptedFeaturesAndLogitsAreThePapers(Path folder) throws IOException {
        GoldenModel golden = GoldenModel.open(folder);
        try (ClipModel model = ClipModel.load(folder, ComputeOptions.cpu())) {
            float[][] text = model.textEncoder().features(golden.context(), prompts(golden, model));
            assertClose(text, unit(golden.rows("prompt_text_features")), FEATURE_TOLERANCE);
            assertClose(logits(golden.rows("features"), text, model.logitScale()), golden.rows("logits"), FEATURE_TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void lossAndContextGradientAreThePapersOnTheSharedPrefixPath(Path folder) throws IOException {
        GoldenModel golden = GoldenModel.open(folder);
        try (ClipModel model = ClipModel.load(folder, ComputeOptions.cpu())) {
            assertLossAndGradient(golden, model, model.textEncoder());
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void lossAndContextGradientAreThePapersInChunks(Path folder) throws IOException {
        GoldenModel golden = GoldenModel.open(folder);
        try (ClipModel model = ClipModel.load(folder, ComputeOptions.cpu())) {
            assertLossAndGradient(golden, model, model.textEncoder().withChunkTokens(7));
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void lossAndContextGradientAreThePapersOverSeventySevenTokens(Path folder) throws IOException {
        GoldenModel golden = GoldenModel.open(folder);
        try (ClipModel model = ClipModel.load(folder, ComputeOptions.cpu())) {
            assertLossAndGradient(golden, model, model.textEncoder().fullLength());
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void openAiArchiveGivesTheSameFeatures(Path folder) throws IOException {
        GoldenModel golden = GoldenModel.open(folder);
        try (ClipModel model = ClipModel.load(folder.resolve("openai.pt"), ComputeOptions.cpu())) {
            float[][] images = model.imageEncoder().encode(Arrays.asList(golden.rows("pixel_values")));
            assertClose(images, unit(golden.rows("image_features")), HALF_PRECISION_TOLERANCE);
            float[][] text = model.textEncoder().features(golden.context(), prompts(golden, model));
            assertClose(text, unit(golden.rows("prompt_text_features")), HALF_PRECISION_TOLERANCE);
        }
    }

    private static PromptSet prompts(GoldenModel golden, ClipModel model) {
        return model.textEncoder().promptsFromTokenIds(golden.suffixes(), golden.context().tokens());
    }

    private static void assertLossAndGradient(GoldenModel golden, ClipModel model, TextEncoder encoder) {
        float[][] images = golden.rows("features");
        float[] labels = golden.floats("labels");
        PromptSet prompts = prompts(golden, model);
        try (TextPass pass = encoder.differentiate(golden.context(), prompts)) {
            float[][] text = pass.features();
            float[][] byFeatures = new float[text.length][text[0].length];
            double loss = crossEntropy(images, labels, text, model.logitScale(), byFeatures);
            assertEquals(golden.floats("loss")[0], loss, 1e-5 * Math.max(1, golden.floats("loss")[0]));
            double deviation = Deviation.relativeNorm(pass.gradient(byFeatures), golden.floats("ctx_gradient"));
            assertTrue(deviation <= 1e-4, "context gradient deviates by " + deviation);
        }
    }

    /** Mean cross-entropy and, added into {@code byFeatures}, its gradient: scale · (softmax − onehot)ᵀ · images / batch. */
    private static double crossEntropy(float[][] images, float[] labels, float[][] text, float scale, float[][] byFeatures) {
        float[][] logits = logits(images, text, scale);
        double loss = 0;
        for (int i = 0; i < images.length; i++) {
            double sum = 0;
            for (float logit : logits[i]) {
                sum += Math.exp(logit);
            }
            loss += (Math.log(sum) - logits[i][(int) labels[i]]) / images.length;
            for (int c = 0; c < text.length; c++) {
                double delta = (Math.exp(logits[i][c]) / sum - (c == (int) labels[i] ? 1 : 0)) * scale / images.length;
                for (int d = 0; d < images[i].length; d++) {
                    byFeatures[c][d] += (float) (delta * images[i][d]);
                }
            }
        }
        return loss;
    }

    private static float[][] logits(float[][] images, float[][] text, float scale) {
        float[][] logits = new float[images.length][text.length];
        for (int i = 0; i < images.length; i++) {
            for (int c = 0; c < text.length; c++) {
                double dot = 0;
                for (int d = 0; d < images[i].length; d++) {
                    dot += images[i][d] * text[c][d];
                }
                logits[i][c] = (float) (scale * dot);
            }
        }
        return logits;
    }

    private static float[][] unit(float[][] rows) {
        float[][] unit = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            double norm = 0;
            for (float value : rows[i]) {
                norm += value * value;
            }
            unit[i] = rows[i].clone();
            for (int j = 0; j < unit[i].length; j++) {
                unit[i][j] /= (float) Math.sqrt(norm);
            }
        }
        return unit;
    }

    private static void assertClose(float[][] actual, float[][] expected, double tolerance) {
        double deviation = Deviation.relativeToLargest(actual, expected);
        assertTrue(deviation <= tolerance, "deviates by " + deviation + " of the largest value");
    }
}
