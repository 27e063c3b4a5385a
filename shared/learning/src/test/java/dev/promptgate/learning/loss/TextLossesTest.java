package dev.promptgate.learning.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TextLossesTest {
    private static final int CLASSES = 4;
    private static final int DIM = 6;
    private static final int[] LABELS = {1, 3, 0};
    private static final float[][] IMAGES = unitVectors(LABELS.length, 1);
    private static final float[][] TEXT = unitVectors(CLASSES, 2);
    private static final float[][] KEPT = unitVectors(CLASSES, 3);
    private static final StepClasses ALL = StepClasses.all(CLASSES);
    private static final float[] NONE = ALL.correction();
    /** Of seven classes four, one of them in the place of four. */
    private static final StepClasses SOME = new StepClasses(new int[] {0, 2, 3, 6}, new double[] {1, 1, 4, 1}, 7);
    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy(IMAGES, LABELS, 10);

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        assertGradient(CROSS_ENTROPY);
        assertGradient(new MethodLoss.KnowledgeGuided(CROSS_ENTROPY, KEPT, 8, ALL));
        assertGradient(new Distillation(IMAGES, KEPT, 10, 1, NONE));
        assertGradient(new Distillation(IMAGES, KEPT, 10, 2.5, NONE));
        CrossEntropy sampled = new CrossEntropy(IMAGES, LABELS, 10, SOME.correction(), LabelLoss.CROSS_ENTROPY);
        assertGradient(sampled);
        assertGradient(new MethodLoss.KnowledgeGuided(sampled, KEPT, 8, SOME));
        assertGradient(new Distillation(IMAGES, KEPT, 10, 2.5, SOME.correction()));
    }

    @Test
    void lossesForWrongLabelsAreThoseOfTheirDefinitions() {
        double generalised = 0;
        double mae = 0;
        for (int i = 0; i < LABELS.length; i++) {
            double p = softmax(IMAGES[i], TEXT, 10)[LABELS[i]];
            generalised += (1 - Math.pow(p, 0.7)) / 0.7 / LABELS.length;
            mae += (1 - p) / LABELS.length;
        }
        CrossEntropy gce = new CrossEntropy(IMAGES, LABELS, 10, NONE, LabelLoss.GENERALISED_CROSS_ENTROPY);
        assertEquals(generalised, gce.at(TEXT).loss(), 1e-5);
        assertEquals(mae, new CrossEntropy(IMAGES, LABELS, 10, NONE, LabelLoss.MAE).at(TEXT).loss(), 1e-5);
        for (LabelLoss kind : LabelLoss.values()) {
            assertGradient(new CrossEntropy(IMAGES, LABELS, 10, SOME.correction(), kind));
        }
    }

    @Test
    void knowledgeGuidanceAddsTheMeanDistanceFromTheKeptFeatures() {
        double squares = 0;
        for (int c = 0; c < CLASSES; c++) {
            for (int d = 0; d < DIM; d++) {
                squares += Math.pow(TEXT[c][d] - KEPT[c][d], 2);
            }
        }
        double added = new MethodLoss.KnowledgeGuided(CROSS_ENTROPY, KEPT, 8, ALL).at(TEXT).loss() - CROSS_ENTROPY.at(TEXT).loss();
        assertEquals(8 * squares / CLASSES / 2, added, 1e-5);
        assertEquals(CROSS_ENTROPY.at(KEPT).loss(), new MethodLoss.KnowledgeGuided(CROSS_ENTROPY, KEPT, 8, ALL).at(KEPT).loss(), 1e-5);
    }

    @Test
    void distillationIsTheDivergenceOfThePredictions() {
        double temperature = 2;
        double sum = 0;
        for (float[] image : IMAGES) {
            double[] known = softmax(image, KEPT, 10 / temperature);
            double[] own = softmax(image, TEXT, 10 / temperature);
            for (int c = 0; c < CLASSES; c++) {
                sum += known[c] * Math.log(known[c] / own[c]);
            }
        }
        assertEquals(temperature * temperature * sum / IMAGES.length, new Distillation(IMAGES, KEPT, 10, temperature, NONE).at(TEXT).loss(),
                1e-5);
    }

    @Test
    void withTheTeachersOwnFeaturesNothingPulls() {
        TextLoss.Result atHome = new Distillation(IMAGES, KEPT, 10, 1, NONE).at(KEPT);
        assertEquals(0, atHome.loss());
        for (float[] row : atHome.byTextFeatures()) {
            assertArrayEquals(new float[DIM], row);
        }
    }

    @Test
    void proGradTakesOffWhatConflicts() {
        float[] g = {3, -1, 2};
        float[] k = {-1, 0, 0.5f};
        // g · k = −2, ‖k‖² = 1.25: g + λ 1.6 k
        assertArrayEquals(new float[] {1.4f, -1, 2.8f}, aligned(g, k, 1), 1e-6f);
        assertArrayEquals(new float[] {2.2f, -1, 2.4f}, aligned(g, k, 0.5), 1e-6f);
        assertEquals(0, Vectors.dot(aligned(g, k, 1), k), 1e-6);
    }

    @Test
    void proGradLeavesTheRestAsItIs() {
        float[] g = {3, -1, 2};
        assertSame(g, aligned(g, new float[] {1, 0, 0}, 1));
        assertSame(g, aligned(g, new float[3], 1));
        assertArrayEquals(g, aligned(g, new float[] {-1, 0, 0}, 0));
    }

    /** PCGrad by the angle between the gradients: |g| cos along the unit vector of k, written out for random vectors. */
    @Test
    void proGradIsTheProjectionThatItsPaperDraws() {
        Random random = new Random(5);
        int conflicts = 0;
        for (int run = 0; run < 200; run++) {
            float[] g = vector(random, 5);
            float[] k = vector(random, 5);
            double cosine = Vectors.dot(g, k) / (Vectors.norm(g) * Vectors.norm(k));
            float[] actual = aligned(g, k, 1);
            for (int i = 0; i < g.length; i++) {
                double taken = cosine < 0 ? Vectors.norm(g) * cosine * k[i] / Vectors.norm(k) : 0;
                assertEquals(g[i] - taken, actual[i], 1e-5);
            }
            assertTrue(Vectors.dot(actual, k) >= -1e-5);
            conflicts += cosine < 0 ? 1 : 0;
        }
        assertTrue(conflicts > 50 && conflicts < 150, conflicts + " conflicts");
    }

    private static float[] aligned(float[] g, float[] k, double lambda) {
        LossGradient result = new MethodLoss.PromptAlignedGradient(x -> new LossGradient(7, g), x -> new LossGradient(1, k), lambda)
                .at(new float[g.length]);
        assertEquals(7, result.loss());
        return result.gradient();
    }

    private static void assertGradient(TextLoss loss) {
        float[][] gradient = loss.at(TEXT).byTextFeatures();
        double largest = 0;
        for (int c = 0; c < CLASSES; c++) {
            for (int d = 0; d < DIM; d++) {
                double numeric = (loss.at(moved(c, d, 1e-2f)).loss() - loss.at(moved(c, d, -1e-2f)).loss()) / 2e-2;
                assertEquals(numeric, gradient[c][d], 5e-3, loss.getClass().getSimpleName() + " at " + c + ", " + d);
                largest = Math.max(largest, Math.abs(numeric));
            }
        }
        assertTrue(largest > 0.1, "the gradient is too small to be tested");
    }

    private static float[][] moved(int row, int column, float by) {
        float[][] copy = new float[CLASSES][];
        for (int c = 0; c < CLASSES; c++) {
            copy[c] = TEXT[c].clone();
        }
        copy[row][column] += by;
        return copy;
    }

    private static double[] softmax(float[] image, float[][] text, double scale) {
        double[] exponentials = new double[text.length];
        double sum = 0;
        for (int c = 0; c < text.length; c++) {
            exponentials[c] = Math.exp(scale * Vectors.dot(image, text[c]));
            sum += exponentials[c];
        }
        for (int c = 0; c < text.length; c++) {
            exponentials[c] /= sum;
        }
        return exponentials;
    }

    private static float[][] unitVectors(int rows, long seed) {
        Random random = new Random(seed);
        float[][] vectors = new float[rows][];
        for (int i = 0; i < rows; i++) {
            float[] vector = vector(random, DIM);
            vectors[i] = Vectors.times(vector, 1 / Vectors.norm(vector));
        }
        return vectors;
    }

    private static float[] vector(Random random, int length) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
