package dev.promptgate.clip.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassScorerTest {
    private static final int DIM = 131;
    private static final int CLASSES = 77;

    private final Random random = new Random(5);

    /** Candidates are judged by these numbers: they must not depend on how the sum is laid out in memory. */
    @Test
    void isTheSumInTheDimensionsOrderBitForBit() {
        float[][] text = features(CLASSES);
        ClassScorer scorer = new ClassScorer(text);
        for (float[] image : features(200)) {
            float[] expected = new float[CLASSES];
            for (int c = 0; c < CLASSES; c++) {
                for (int d = 0; d < DIM; d++) {
                    expected[c] += image[d] * text[c][d];
                }
            }
            assertArrayEquals(expected, scorer.score(image), 0f);
        }
    }

    @Test
    void aFactorIsFoldedIntoTheImageBitForBit() {
        float scale = 100.00001f;
        float[][] text = features(CLASSES);
        ClassScorer scorer = new ClassScorer(text);
        float[] scores = new float[CLASSES];
        for (float[] image : features(200)) {
            float[] expected = new float[CLASSES];
            for (int c = 0; c < CLASSES; c++) {
                for (int d = 0; d < DIM; d++) {
                    float value = scale * image[d];
                    expected[c] += value * text[c][d];
                }
            }
            scorer.score(image, scale, scores);
            assertArrayEquals(expected, scores, 0f);
        }
    }

    @Test
    void ofEquallyNearClassesTheFirstCounts() {
        float[][] text = {{0, 1}, {1, 0}, {1, 0}};
        assertArrayEquals(new int[] {1, 0}, new ClassScorer(text).nearest(new float[][] {{1, 0}, {0, 1}}));
    }

    @Test
    void theBestIsLookedForInTheGivenRangeOnly() {
        float[] scores = {9, 1, 3, 2, 8};
        assertEquals(2, ClassScorer.best(scores, 1, 4));
        assertEquals(0, ClassScorer.best(scores, 0, 5));
    }

    @Test
    void whatIsNoNumberIsNeverTheBest() {
        assertEquals(1, ClassScorer.best(new float[] {Float.NaN, 0.5f, Float.NaN}, 0, 3));
        assertEquals(-1, ClassScorer.best(new float[] {Float.NaN}, 0, 1));
    }

    @Test
    void withoutClassesThereIsNothingToScore() {
        assertEquals(0, new ClassScorer(new float[0][]).score(new float[DIM]).length);
    }

    private float[][] features(int count) {
        float[][] features = new float[count][DIM];
        for (float[] feature : features) {
            for (int d = 0; d < DIM; d++) {
                feature[d] = (float) random.nextGaussian();
            }
        }
        return features;
    }
}
