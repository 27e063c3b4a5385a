package dev.promptgate.learning.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassDrawTest {
    private static final int[] LABELS = {5, 1, 5};
    /** For the closed form: seven classes, of which the batch has one. */
    private static final int CLASSES = 7;
    private static final int LABEL = 3;
    private static final int DIM = 4;
    private static final float SCALE = 5;
    private static final float[][] TEXT = vectors(CLASSES, 1);
    private static final float[][] KEPT = vectors(CLASSES, 2);
    private static final float[][] IMAGE = vectors(1, 3);

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 11})
    void allClassesAreThereIfThereIsRoom(int most) {
        StepClasses all = new ClassDraw(10, most, 1).next(LABELS);
        assertTrue(all.isAll());
        assertEquals(0, all.correction().length);
        Batch batch = new Batch(IMAGE, LABELS);
        assertEquals(batch, all.of(batch));
    }

    @Test
    void theBatchsClassesStandForThemselvesAndTheDrawnOnesForAllOthers() {
        StepClasses drawn = new ClassDraw(10, 6, 1).next(LABELS);
        assertArrayEquals(Arrays.stream(drawn.indices()).sorted().distinct().toArray(), drawn.indices());
        assertEquals(6, drawn.indices().length);
        assertEquals(10, Arrays.stream(drawn.counts()).sum(), 1e-12);
        for (int c = 0; c < 6; c++) {
            boolean isOfBatch = drawn.indices()[c] == 1 || drawn.indices()[c] == 5;
            assertEquals(isOfBatch ? 1 : 8 / 4.0, drawn.counts()[c]);
            assertEquals(isOfBatch ? 0 : -Math.log(0.5), drawn.correction()[c], 1e-7);
        }
        int[] among = drawn.of(new Batch(IMAGE, LABELS)).labels();
        assertArrayEquals(LABELS, Arrays.stream(among).map(i -> drawn.indices()[i]).toArray());
    }

    @Test
    void everyOtherClassIsDrawnEquallyOftenAndAnewEachTime() {
        ClassDraw draw = new ClassDraw(10, 6, 1);
        int draws = 4000;
        int[] seen = new int[10];
        List<List<Integer>> samples = new ArrayList<>();
        for (int i = 0; i < draws; i++) {
            int[] indices = draw.next(LABELS).indices();
            Arrays.stream(indices).forEach(c -> seen[c]++);
            samples.add(Arrays.stream(indices).boxed().toList());
        }
        for (int c = 0; c < 10; c++) { // binomial, p = 1/2: five standard deviations are 2.5 √n
            assertEquals(c == 1 || c == 5 ? draws : draws / 2, seen[c], 2.5 * Math.sqrt(draws));
        }
        assertEquals(70, samples.stream().distinct().count()); // 8 over 4
    }

    @Test
    void theSameSeedDrawsTheSame() {
        assertEquals(draws(7), draws(7));
        assertNotEquals(draws(7), draws(8));
    }

    private static List<List<Integer>> draws(long seed) {
        ClassDraw draw = new ClassDraw(100, 10, seed);
        return IntStream.range(0, 20).mapToObj(step -> Arrays.stream(draw.next(new int[] {step}).indices()).boxed().toList()).toList();
    }

    @Test
    void aBatchThatLeavesNoRoomIsRefused() {
        ClassDraw draw = new ClassDraw(10, 2, 1);
        assertEquals("A step must have room for more classes than its batch has [classes: 2, of the batch: 2]",
                assertThrows(IllegalArgumentException.class, () -> draw.next(LABELS)).getMessage());
    }

    /** Over all samples there are, each as likely: the denominator Z and its gradient are the exact ones in the mean. */
    @Test
    void theSoftmaxsDenominatorAndItsGradientAreRightInExpectation() {
        double[] exact = denominator(StepClasses.all(CLASSES));
        double[] mean = new double[exact.length];
        for (StepClasses sample : samples(3)) {
            double[] one = denominator(sample);
            assertFalse(Math.abs(one[0] - exact[0]) < 1e-3 * exact[0], "a sample that tells nothing");
            IntStream.range(0, mean.length).forEach(i -> mean[i] += one[i] / samples(3).size());
        }
        for (int i = 0; i < mean.length; i++) {
            assertEquals(exact[i], mean[i], 1e-4 * exact[0]);
        }
    }

    /** Z, and its gradient with respect to the text features of all classes: of log Z it is ∇Z / Z. */
    private static double[] denominator(StepClasses classes) {
        Batch batch = classes.of(new Batch(IMAGE, new int[] {LABEL}));
        TextLoss.Result result = new CrossEntropy(batch.images(), batch.labels(), SCALE, classes.correction(), LabelLoss.CROSS_ENTROPY)
                .at(classes.of(TEXT));
        double z = Math.exp(result.loss() + SCALE * Vectors.dot(IMAGE[0], TEXT[LABEL]));
        double[] flat = new double[1 + CLASSES * DIM];
        flat[0] = z;
        for (int c = 0; c < classes.indices().length; c++) {
            for (int d = 0; d < DIM; d++) {
                double byLabel = classes.indices()[c] == LABEL ? SCALE * IMAGE[0][d] : 0;
                flat[1 + classes.indices()[c] * DIM + d] = z * (result.byTextFeatures()[c][d] + byLabel);
            }
        }
        return flat;
    }

    /** The more classes, the nearer the gradient of the loss itself comes to the exact one. */
    @Test
    void theLosssGradientConverges() {
        double[] off = IntStream.of(2, 4, 6).mapToDouble(ClassDrawTest::gradientOff).toArray();
        assertTrue(off[0] > 1.5 * off[1] && off[1] > 1.5 * off[2], Arrays.toString(off));
        assertTrue(off[2] < 0.05, Arrays.toString(off));
    }

    /** How far the mean gradient over all samples is from the exact one, as a part of it. */
    private static double gradientOff(int most) {
        float[] exact = gradient(StepClasses.all(CLASSES));
        float[] mean = new float[exact.length];
        List<StepClasses> samples = samples(most);
        for (StepClasses sample : samples) {
            mean = Vectors.plus(mean, 1.0 / samples.size(), gradient(sample));
        }
        return Vectors.norm(Vectors.plus(mean, -1, exact)) / Vectors.norm(exact);
    }

    private static float[] gradient(StepClasses classes) {
        Batch batch = classes.of(new Batch(IMAGE, new int[] {LABEL}));
        return flat(classes, new CrossEntropy(batch.images(), batch.labels(), SCALE, classes.correction(), LabelLoss.CROSS_ENTROPY)
                .at(classes.of(TEXT)));
    }

    @Test
    void knowledgeGuidanceIsRightInExpectation() {
        StepClasses all = StepClasses.all(CLASSES);
        TextLoss nothing = text -> new TextLoss.Result(0, new float[text.length][DIM]);
        TextLoss.Result exact = new MethodLoss.KnowledgeGuided(nothing, KEPT, 8, all).at(TEXT);
        double loss = 0;
        float[] gradient = new float[CLASSES * DIM];
        List<StepClasses> samples = samples(3);
        for (StepClasses sample : samples) {
            TextLoss.Result one = new MethodLoss.KnowledgeGuided(nothing, sample.of(KEPT), 8, sample).at(sample.of(TEXT));
            loss += one.loss() / samples.size();
            gradient = Vectors.plus(gradient, 1.0 / samples.size(), flat(sample, one));
        }
        assertEquals(exact.loss(), loss, 1e-5);
        assertArrayEquals(flat(all, exact), gradient, 1e-5f);
    }

    /** Every sample of so many classes that holds the batch's. */
    private static List<StepClasses> samples(int most) {
        List<StepClasses> samples = new ArrayList<>();
        for (int bits = 0; bits < 1 << CLASSES; bits++) {
            if (Integer.bitCount(bits) == most && (bits >> LABEL & 1) == 1) {
                int chosen = bits;
                int[] indices = IntStream.range(0, CLASSES).filter(c -> (chosen >> c & 1) == 1).toArray();
                double count = (CLASSES - 1.0) / (most - 1);
                samples.add(new StepClasses(indices, Arrays.stream(indices).mapToDouble(c -> c == LABEL ? 1 : count).toArray(), CLASSES));
            }
        }
        return samples;
    }

    private static float[] flat(StepClasses classes, TextLoss.Result result) {
        float[] flat = new float[CLASSES * DIM];
        for (int c = 0; c < classes.indices().length; c++) {
            System.arraycopy(result.byTextFeatures()[c], 0, flat, classes.indices()[c] * DIM, DIM);
        }
        return flat;
    }

    private static float[][] vectors(int rows, long seed) {
        Random random = new Random(seed);
        float[][] vectors = new float[rows][DIM];
        for (float[] vector : vectors) {
            for (int d = 0; d < DIM; d++) {
                vector[d] = (float) random.nextGaussian() / 2;
            }
        }
        return vectors;
    }
}
