package dev.promptgate.learning.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.promptgate.learning.loss.CrossEntropy;
import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.TextLoss;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.GradientConstraint;
import dev.promptgate.learning.step.StepRule;
import dev.promptgate.learning.step.StepRules;
import org.junit.jupiter.api.Test;

class OptimiserTest {
    private static final float[] START = {3, 4};
    private static final Objective BOWL = x -> new LossGradient(0.5 * square(x), x);

    @Test
    void samStepOnABowlHasItsClosedForm() {
        // g = (3, 4), ‖g‖ = 5; the perturbed point is (1 + ρ/5)·x, and so is the gradient there.
        Optimiser.Step step = new Optimiser(StepRules.sharpnessAware(0.5), sgd(0)).step(START, BOWL, 0.1);
        assertArrayEquals(new float[] {3 - 0.1f * 3.3f, 4 - 0.1f * 4.4f}, step.parameters(), 1e-6f);
        assertEquals(1, step.report().cosine(), 1e-9);
    }

    @Test
    void momentumAndWeightDecayArePyTorchs() {
        Optimiser optimiser = new Optimiser(StepRules.plainGradient(), sgd(0.1));
        float[] once = optimiser.step(START, BOWL, 0.1).parameters(); // buffer 1.1·x
        assertArrayEquals(new float[] {3 * 0.89f, 4 * 0.89f}, once, 1e-6f);
        float[] twice = optimiser.step(once, BOWL, 0.1).parameters(); // buffer 0.9·1.1·x + 1.1·0.89·x
        assertEquals(3 * (0.89 - 0.1 * (0.99 + 0.979)), twice[0], 1e-5);
    }

    @Test
    void everyBranchTakesItsDirection() {
        float[] g = {1, 0};
        GradientConstraint constraint = new GradientConstraint(0.1, 0.5, 0.8);
        assertEquals(Branch.SAM, propose(constraint, g, 2, 0.1f).report().branch());
        StepRule.Proposal middle = propose(constraint, g, 0.7f, 0.7f);
        assertEquals(Branch.BISECTOR, middle.report().branch());
        // z = s + g = (1.7, 0.7); (s·z)/‖z‖² z
        double factor = (0.7 * 1.7 + 0.7 * 0.7) / (1.7 * 1.7 + 0.7 * 0.7);
        assertArrayEquals(new float[] {(float) (1.7 * factor), (float) (0.7 * factor)}, middle.direction(), 1e-6f);
        assertArrayEquals(g, propose(constraint, g, -1, 1).direction());
        assertEquals(Branch.BISECTOR, propose(new GradientConstraint(0.1, 0, 0.8), g, -1, 1).report().branch());
    }

    /** With g at the start and s anywhere else. */
    private static StepRule.Proposal propose(StepRule rule, float[] g, float... s) {
        return rule.propose(START, x -> new LossGradient(1, x == START ? g : s));
    }

    @Test
    void aLossThatIsNotFiniteChangesNothing() {
        Optimiser optimiser = new Optimiser(new GradientConstraint(0.1, 0.5, 0.8), sgd(0));
        Objective broken = x -> new LossGradient(Double.NaN, new float[] {1, 1});
        assertThrows(NonFiniteLossException.class, () -> optimiser.step(START, broken, 0.1));
        float[] after = optimiser.step(START, BOWL, 0.1).parameters();
        assertArrayEquals(new Optimiser(new GradientConstraint(0.1, 0.5, 0.8), sgd(0)).step(START, BOWL, 0.1).parameters(), after);
    }

    @Test
    void theScheduleIsACosineAfterAWarmUp() {
        CosineSchedule schedule = new CosineSchedule(0.002, 100, 1);
        assertEquals(1e-5, schedule.rate(0));
        assertEquals(0.001, schedule.rate(50), 1e-9);
        assertEquals(0, schedule.rate(99), 1e-6);
    }

    @Test
    void crossEntropysGradientIsThatOfFiniteDifferences() {
        float[][] images = {{0.6f, 0.8f}, {1, 0}};
        float[][] text = {{0.5f, 0.5f}, {-0.2f, 0.9f}, {0.3f, -0.4f}};
        int[] labels = {1, 2};
        TextLoss.Result result = new CrossEntropy(images, labels, 10).at(text);
        for (int c = 0; c < 3; c++) {
            for (int d = 0; d < 2; d++) {
                text[c][d] += 1e-3f;
                double above = new CrossEntropy(images, labels, 10).at(text).loss();
                text[c][d] -= 2e-3f;
                double below = new CrossEntropy(images, labels, 10).at(text).loss();
                text[c][d] += 1e-3f;
                assertEquals((above - below) / 2e-3, result.byTextFeatures()[c][d], 1e-2);
            }
        }
    }

    private static SgdSettings sgd(double weightDecay) {
        return new SgdSettings(0.1, 0.9, weightDecay);
    }

    private static double square(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return sum;
    }
}
