package dev.promptgate.learning.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.Vectors;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.AssertionFailedError;

/** Every rule on L(x) = ½ xᵀ A x with a diagonal A, where g = A x and s = A x'. */
class StepRulesTest {
    private static final float[] START = {3, 4, -1};
    /** A's diagonal differs between batches, so that averages over batches have something to average. */
    private static final float[][] BATCHES = {{1, 2, 0.5f}, {2, 0.5f, 3}, {0.25f, 4, 1}};
    private static final double RHO = 0.3;

    /** With α and λ of the papers' kind; ρ as given. */
    private static final Map<String, DoubleFunction<StepRule>> RULES = new TreeMap<>(Map.of(
            "plain gradient", rho -> StepRules.plainGradient(),
            "SAM", StepRules::sharpnessAware,
            "GCSAM", rho -> new GradientConstraint(rho, 0.5, 0.8),
            "projection", StepRules::projection,
            "mix", rho -> StepRules.mix(rho, 0.3),
            "SAGM", rho -> StepRules.gradientMatching(rho, rho / 100),
            "F-SAM", rho -> StepRules.friendlySharpnessAware(rho, 1, 0.6),
            "SAMPLe", rho -> StepRules.promptSharpnessAware(rho, rho / 100, 0.6)));

    @Test
    void projectionIsThatOfSOnTheSum() {
        double[] g = times(BATCHES[0], START);
        double[] s = times(BATCHES[0], moved(START, RHO / norm(g), g));
        double[] z = plus(s, 1, g);
        assertDirection(scaled(z, dot(s, z) / dot(z, z)), StepRules.projection(RHO).propose(START, quadratic(BATCHES[0])));
    }

    @Test
    void projectionDoesNotAskForTheAngle() {
        float[] g = {1, 0, 0};
        for (float[] s : new float[][] {{2, 0.1f, 0}, {0.5f, 1, 0}, {-0.5f, 1, 0}}) {
            StepRule.Proposal proposal = StepRules.projection(RHO).propose(START, x -> new LossGradient(1, x == START ? g : s));
            assertEquals(Branch.BISECTOR, proposal.report().branch());
            assertArrayEquals(new TwoGradients(new LossGradient(1, g), new LossGradient(1, s)).onBisector(), proposal.direction());
        }
    }

    @Test
    void mixIsThatOfItsShares() {
        double[] g = times(BATCHES[0], START);
        double[] s = times(BATCHES[0], moved(START, RHO / norm(g), g));
        assertDirection(plus(scaled(s, 0.3), 0.7, g), StepRules.mix(RHO, 0.3).propose(START, quadratic(BATCHES[0])));
        assertDirection(g, StepRules.mix(RHO, 0).propose(START, quadratic(BATCHES[0])));
        assertDirection(s, StepRules.mix(RHO, 1).propose(START, quadratic(BATCHES[0])));
    }

    @Test
    void sagmLooksAStepBackFromTheWorstPoint() {
        double alpha = 0.05;
        double[] g = times(BATCHES[0], START);
        double[] s = times(BATCHES[0], moved(START, RHO / norm(g) - alpha, g));
        assertDirection(plus(scaled(s, 0.5), 0.5, g), StepRules.gradientMatching(RHO, alpha).propose(START, quadratic(BATCHES[0])));
    }

    @Test
    void friendlySamLeavesOutTheAverageOfEarlierBatches() {
        double sigma = 0.8;
        double lambda = 0.6;
        StepRule rule = StepRules.friendlySharpnessAware(RHO, sigma, lambda);
        double[] mean = null;
        for (float[] batch : BATCHES) {
            double[] g = times(batch, START);
            double[] noise = mean == null ? g : plus(g, -sigma, mean);
            assertDirection(times(batch, moved(START, RHO / norm(noise), noise)), rule.propose(START, quadratic(batch)));
            mean = mean == null ? g : plus(scaled(mean, lambda), 1 - lambda, g);
        }
    }

    @Test
    void sampleStepsBackAlongWhatIsOrthogonalToTheAverage() {
        double alpha = 0.05;
        double lambda = 0.6;
        StepRule rule = StepRules.promptSharpnessAware(RHO, alpha, lambda);
        double[] mean = new double[START.length];
        for (float[] batch : BATCHES) {
            double[] g = times(batch, START);
            mean = plus(scaled(mean, lambda), 1 - lambda, g);
            double cosine = dot(g, mean) / (norm(g) * norm(mean));
            double[] specific = plus(g, -cosine * norm(g) / norm(mean), mean);
            assertEquals(0, dot(specific, mean), 1e-9);
            double[] s = times(batch, moved(moved(START, RHO / norm(g), g), -alpha, specific));
            assertDirection(plus(s, 1, g), rule.propose(START, quadratic(batch)));
        }
    }

    @TestFactory
    Stream<DynamicTest> everyDirectionLeadsDown() {
        return RULES.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> assertLeadsDown(rule.getValue().apply(RHO))));
    }

    @TestFactory
    Stream<DynamicTest> aRuleWithTheWrongSignIsFound() {
        return RULES.entrySet().stream().map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
            StepRule right = rule.getValue().apply(RHO);
            StepRule flipped = (parameters, objective) -> {
                StepRule.Proposal proposal = right.propose(parameters, objective);
                return new StepRule.Proposal(Vectors.times(proposal.direction(), -1), proposal.report());
            };
            assertThrows(AssertionFailedError.class, () -> assertLeadsDown(flipped));
        }));
    }

    @TestFactory
    Stream<DynamicTest> withoutARadiusEveryRuleIsThePlainGradient() {
        return RULES.entrySet().stream().map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
            double before = Double.POSITIVE_INFINITY;
            for (double rho : new double[] {0.3, 0.03, 0.003}) {
                double deviation = deviation(rule.getKey(), rho);
                assertTrue(deviation <= Math.max(before / 5, 1e-6), "ρ = " + rho + " deviates by " + deviation);
                before = deviation;
            }
            assertTrue(deviation(rule.getKey(), 0) <= 1e-6);
        }));
    }

    @Test
    void aStepThatFailsLeavesNoTrace() {
        for (String name : List.of("F-SAM", "SAMPLe")) {
            StepRule rule = RULES.get(name).apply(RHO);
            StepRule other = RULES.get(name).apply(RHO);
            rule.propose(START, quadratic(BATCHES[0]));
            other.propose(START, quadratic(BATCHES[0]));
            Objective brokenAway = x -> x == START ? new LossGradient(1, new float[] {1, 2, 3})
                    : new LossGradient(Double.NaN, new float[3]);
            assertThrows(NonFiniteLossException.class, () -> rule.propose(START, brokenAway));
            assertArrayEquals(other.propose(START, quadratic(BATCHES[1])).direction(),
                    rule.propose(START, quadratic(BATCHES[1])).direction());
        }
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> StepRules.mix(0.1, 1.1));
        assertThrows(IllegalArgumentException.class, () -> StepRules.gradientMatching(-0.1, 0.1));
        assertThrows(IllegalArgumentException.class, () -> StepRules.friendlySharpnessAware(0.1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> StepRules.promptSharpnessAware(0.1, Double.NaN, 0.5));
    }

    /** Over several batches, so that what a rule remembers counts; the step is SGD's own, small. */
    private static void assertLeadsDown(StepRule rule) {
        float[] x = START;
        for (float[] batch : BATCHES) {
            float[] direction = rule.propose(x, quadratic(batch)).direction();
            double along = dot(doubles(direction), times(batch, x));
            assertTrue(along > 0, "the direction points up: " + along);
            float[] next = Vectors.plus(x, -0.01, direction);
            assertTrue(quadratic(batch).at(next).loss() < quadratic(batch).at(x).loss(), "the step went up");
            x = next;
        }
    }

    /** The largest relative distance from the plain gradient over several batches; SAMPLe's direction is the sum of two gradients. */
    private static double deviation(String name, double rho) {
        StepRule rule = RULES.get(name).apply(rho);
        double largest = 0;
        for (float[] batch : BATCHES) {
            double[] g = scaled(times(batch, START), name.equals("SAMPLe") ? 2 : 1);
            double[] difference = plus(doubles(rule.propose(START, quadratic(batch)).direction()), -1, g);
            largest = Math.max(largest, norm(difference) / norm(g));
        }
        return largest;
    }

    private static void assertDirection(double[] expected, StepRule.Proposal proposal) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], proposal.direction()[i], 1e-5 * norm(expected), "component " + i);
        }
    }

    private static Objective quadratic(float[] diagonal) {
        return x -> {
            float[] gradient = new float[x.length];
            double loss = 0;
            for (int i = 0; i < x.length; i++) {
                gradient[i] = diagonal[i] * x[i];
                loss += 0.5 * diagonal[i] * x[i] * x[i];
            }
            return new LossGradient(loss, gradient);
        };
    }

    // The expected values are computed in double, apart from the code under test.

    private static double[] times(float[] diagonal, double[] x) {
        double[] product = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            product[i] = diagonal[i] * x[i];
        }
        return product;
    }

    private static double[] times(float[] diagonal, float[] x) {
        return times(diagonal, doubles(x));
    }

    private static double[] moved(float[] x, double factor, double[] by) {
        return plus(doubles(x), factor, by);
    }

    private static double[] moved(double[] x, double factor, double[] by) {
        return plus(x, factor, by);
    }

    private static double[] plus(double[] a, double factor, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < a.length; i++) {
            sum[i] += factor * b[i];
        }
        return sum;
    }

    private static double[] scaled(double[] a, double factor) {
        return plus(new double[a.length], factor, a);
    }

    private static double[] doubles(float[] x) {
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = x[i];
        }
        return result;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }
}
