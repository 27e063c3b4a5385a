package dev.promptgate.experiments.method.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class LabelledFeaturesTest {
    private static final List<Sample> SAMPLES = List.of(new Sample("a", 1, new float[][] {{1, 0}, {0, 1}}),
            new Sample("b", 0, new float[][] {{0, 1}, {0, 1}}));

    @Test
    void viewsAreRowsOrOneMean() {
        LabelledFeatures views = LabelledFeatures.ofViews(SAMPLES, 2);
        assertArrayEquals(new int[] {1, 1, 0, 0}, views.labels());
        assertArrayEquals(new double[] {1, 0, 0, 1, 0, 1, 0, 1}, views.x().data);
        double half = Math.sqrt(0.5);
        assertArrayEquals(new double[] {half, half, 0, 1}, LabelledFeatures.ofMeans(SAMPLES, 2).x().data, 1e-7);
        assertArrayEquals(new double[] {1, 0, 0, 1}, LabelledFeatures.ofImages(SAMPLES, 2).x().data);
    }

    @Test
    void crossEntropyIsThatOfItsDefinition() {
        DMatrixRMaj logits = new DMatrixRMaj(new double[][] {{Math.log(1), Math.log(3)}, {Math.log(4), Math.log(1)}});
        assertEquals(-(Math.log(3 / 4.0) + Math.log(4 / 5.0)) / 2, LabelledFeatures.ofImages(SAMPLES, 2).crossEntropy(logits), 1e-12);
        assertArrayEquals(new double[] {0.125, -0.125, -0.1, 0.1}, logits.data, 1e-12);
    }

    @Test
    void theGreatestLogitIsTheAnswer() {
        double none = Double.NEGATIVE_INFINITY;
        assertArrayEquals(new int[] {1, 0, -1},
                LogitClassifier.best(new DMatrixRMaj(new double[][] {{-3, -2, none}, {1, 1, 0}, {none, none, none}})));
    }

    @Test
    void whatIsNotKnownIsAbsent() {
        DMatrixRMaj known = new DMatrixRMaj(new double[][] {{1, 2}});
        assertArrayEquals(new double[] {2, -7, 1}, new KnownClasses(List.of("a", "b")).among(List.of("b", "x", "a"), known, -7).data);
    }
}
