package dev.promptgate.experiments.method.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FoldsTest {
    private static List<Sample> samples(int... shots) {
        List<Sample> samples = new ArrayList<>();
        for (int c = 0; c < shots.length; c++) {
            for (int i = 0; i < shots[c]; i++) {
                samples.add(new Sample(c + "/" + i, c, new float[][] {{c, i}}));
            }
        }
        return samples;
    }

    @Test
    void everyShotIsHeldOutOnceAndEveryClassStaysTrained() {
        List<Sample> samples = samples(5, 2, 4, 16);
        List<Folds.Fold> folds = Folds.of(samples);
        assertEquals(4, folds.size());
        assertEquals(samples.stream().map(Sample::id).sorted().toList(),
                folds.stream().flatMap(fold -> fold.held().stream()).map(Sample::id).sorted().toList());
        for (Folds.Fold fold : folds) {
            assertEquals(samples.size(), Stream.concat(fold.held().stream(), fold.training().stream()).distinct().count());
            assertEquals(4, fold.training().stream().map(Sample::classIndex).distinct().count());
        }
    }

    @Test
    void aSingleShotIsNeverHeldOut() {
        assertTrue(Folds.of(samples(1, 1, 1)).isEmpty());
        assertTrue(Folds.of(samples(1, 3)).stream().allMatch(fold -> fold.held().stream().allMatch(sample -> sample.classIndex() == 1)));
        assertEquals(2, Folds.of(samples(2, 2)).size());
    }
}
