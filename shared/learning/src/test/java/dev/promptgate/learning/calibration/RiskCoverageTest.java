package dev.promptgate.learning.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.junit.jupiter.api.Test;

class RiskCoverageTest {
    @Test
    void theSurestImagesAreAnsweredFirst() {
        RiskCoverage risk = of(new double[] {0.2, 0.9, 0.6, 0.7}, false, true, true, false);
        assertEquals((0 + 1 / 2.0 + 1 / 3.0 + 2 / 4.0) / 4, risk.area(), 1e-12);
        assertEquals(new RiskCoverage.Point(1, 0.5), risk.byTenths().get(0));
        assertEquals(new RiskCoverage.Point(0.5, 0.5), risk.byTenths().get(5));
        assertEquals(new RiskCoverage.Point(0.1, 1), risk.byTenths().get(9));
        assertEquals(2, risk.answered(0.65));
        assertEquals(1, risk.errors(2));
    }

    /** Of ten tests: 0.95¹⁰⁴ < 0.05 / 10 < 0.95¹⁰³. */
    @Test
    void rightAnswersAloneKeepThePromiseOnceThereAreEnough() {
        double[] confidence = IntStream.range(0, 200).mapToDouble(i -> 0.99 - i / 1000.0).toArray();
        boolean[] right = new boolean[200];
        Arrays.fill(right, true);
        assertEquals(OptionalDouble.of(confidence[103]),
                of(Arrays.copyOf(confidence, 104), Arrays.copyOf(right, 104)).threshold(0.05, 0.05));
        assertEquals(OptionalDouble.empty(), of(Arrays.copyOf(confidence, 103), Arrays.copyOf(right, 103)).threshold(0.05, 0.05));
        Arrays.fill(right, 180, 200, false);
        RiskCoverage risk = of(confidence, right);
        int answered = risk.answered(risk.threshold(0.05, 0.05).orElseThrow());
        assertTrue(answered >= 180 && answered < 185, "goes on from the start at nine tenths for as long as it can: " + answered);
    }

    /** Two errors at the very top: a start further down holds all the same. */
    @Test
    void aFewWrongLabelsAtTheTopDoNotEndTheSearch() {
        double[] confidence = IntStream.range(0, 1000).mapToDouble(i -> 1 - i / 1000.0).toArray();
        boolean[] right = new boolean[1000];
        Arrays.fill(right, 2, 1000, true);
        assertEquals(OptionalDouble.of(confidence[999]), of(confidence, right).threshold(0.05, 0.05));
    }

    @Test
    void imagesOfEqualConfidenceAreAnsweredTogether() {
        double[] confidence = new double[400];
        Arrays.fill(confidence, 0, 200, 0.9);
        Arrays.fill(confidence, 200, 400, 0.8);
        boolean[] right = new boolean[400];
        Arrays.fill(right, 0, 300, true);
        assertEquals(OptionalDouble.of(0.9), of(confidence, right).threshold(0.05, 0.05));
        assertEquals(OptionalDouble.empty(), of(new double[400], right).threshold(0.05, 0.05));
    }

    @Test
    void whatAThresholdAnswersHasAnUpperBoundBelowTheTarget() {
        qt().withExamples(200).forAll(integers().between(1, 600), doubles().between(0.01, 0.3), integers().between(0, 1_000_000))
                .checkAssert((n, target, seed) -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    double[] confidence = random.doubles(n).toArray();
                    boolean[] right = new boolean[n];
                    for (int i = 0; i < n; i++) {
                        right[i] = random.nextDouble() < Math.sqrt(confidence[i]);
                    }
                    RiskCoverage risk = of(confidence, right);
                    risk.threshold(target, 0.05).ifPresent(threshold -> {
                        int answered = risk.answered(threshold);
                        int wrong = risk.errors(answered);
                        double upper = new BetaDistribution(null, wrong + 1, answered - wrong).inverseCumulativeProbability(1 - 0.005);
                        assertTrue(upper <= target + 1e-6, "%d of %d wrong, bound %s above %s".formatted(wrong, answered, upper, target));
                    });
                });
    }

    private static RiskCoverage of(double[] confidence, boolean... right) {
        return new RiskCoverage(new Confidences(confidence, right, new double[right.length]));
    }
}
