package dev.promptgate.experiments.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelNoiseTest {
    private static final int CLASSES = 5;
    private static final List<Sample> SAMPLES = IntStream.range(0, 4_000).mapToObj(i -> new Sample("image " + i, i % CLASSES, null))
            .toList();

    private static List<Integer> wrong(List<Sample> noisy) {
        return IntStream.range(0, SAMPLES.size()).filter(i -> noisy.get(i).classIndex() != SAMPLES.get(i).classIndex()).boxed().toList();
    }

    @Test
    void aShareGetsLabelsOfOtherClassesEquallyOften() {
        List<Sample> noisy = LabelNoise.symmetric(SAMPLES, CLASSES, 0.25, 1);
        List<Integer> wrong = wrong(noisy);
        assertEquals(1_000, wrong.size(), 120); // over four standard deviations of the binomial
        for (int shift = 1; shift < CLASSES; shift++) {
            int by = shift;
            long count = wrong.stream().filter(i -> (noisy.get(i).classIndex() - i % CLASSES + CLASSES) % CLASSES == by).count();
            assertEquals(wrong.size() / 4.0, count, 60);
        }
    }

    @Test
    void theSeedAndTheImageDecide() {
        List<Sample> noisy = LabelNoise.symmetric(SAMPLES, CLASSES, 0.25, 1);
        assertEquals(noisy, LabelNoise.symmetric(SAMPLES, CLASSES, 0.25, 1));
        assertNotEquals(wrong(noisy), wrong(LabelNoise.symmetric(SAMPLES, CLASSES, 0.25, 2)));
        List<Integer> more = wrong(LabelNoise.symmetric(SAMPLES, CLASSES, 0.5, 1));
        assertEquals(wrong(noisy), wrong(noisy).stream().filter(more::contains).toList());
        assertSame(SAMPLES, LabelNoise.symmetric(SAMPLES, CLASSES, 0, 1));
    }
}
