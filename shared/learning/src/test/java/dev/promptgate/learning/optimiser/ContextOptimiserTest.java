package dev.promptgate.learning.optimiser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.promptgate.clip.Context;
import org.junit.jupiter.api.Test;

class ContextOptimiserTest {
    private static final Context START = new Context(1, 2, new float[] {3, 4});
    /** ½‖x‖²: the gradient is x. */
    private static final Objective BOWL = context -> new LossGradient(0.5 * square(context.values()), context.values());

    @Test
    void samStepOnABowlHasItsClosedForm() {
        // g = (3, 4), ‖g‖ = 5; the perturbed point is (1 + ρ/5)·x, and so is the gradient there.
        ContextOptimiser.Step step = new ContextOptimiser(settings(Method.SCOOP, 0.5, 0)).step(START, BOWL, 0.1);
        assertArrayEquals(new float[] {3 - 0.1f * 3.3f, 4 - 0.1f * 4.4f}, step.context().values(), 1e-6f);
        assertEquals(1, step.report().cosine(), 1e-9);
    }

    @Test
    void momentumAndWeightDecayArePyTorchs() {
        ContextOptimiser optimiser = new ContextOptimiser(settings(Method.COOP, 0, 0.1));
        Context once = optimiser.step(START, BOWL, 0.1).context(); // buffer 1.1·x
        assertArrayEquals(new float[] {3 * 0.89f, 4 * 0.89f}, once.values(), 1e-6f);
        Context twice = optimiser.step(once, BOWL, 0.1).context(); // buffer 0.9·1.1·x + 1.1·0.89·x
        assertEquals(3 * (0.89 - 0.1 * (0.99 + 0.979)), twice.values()[0], 1e-5);
    }

    @Test
    void everyBranchTakesItsDirection() {
        float[] g = {1, 0};
        GradientConstraint constraint = new GradientConstraint(0.5, 0.8);
        assertEquals(Branch.SAM, constraint.choose(new float[] {2, 0.1f}, g).branch());
        GradientConstraint.Direction middle = constraint.choose(new float[] {0.7f, 0.7f}, g);
        assertEquals(Branch.BISECTOR, middle.branch());
        // z = s + g = (1.7, 0.7); (s·z)/‖z‖² z
        double factor = (0.7 * 1.7 + 0.7 * 0.7) / (1.7 * 1.7 + 0.7 * 0.7);
        assertArrayEquals(new float[] {(float) (1.7 * factor), (float) (0.7 * factor)}, middle.values(), 1e-6f);
        assertArrayEquals(g, constraint.choose(new float[] {-1, 1}, g).values());
        assertEquals(Branch.BISECTOR, new GradientConstraint(0, 0.8).choose(new float[] {-1, 1}, g).branch());
    }

    @Test
    void aLossThatIsNotFiniteChangesNothing() {
        ContextOptimiser optimiser = new ContextOptimiser(settings(Method.GCSCOOP, 0.1, 0));
        Objective broken = context -> new LossGradient(Double.NaN, new float[] {1, 1});
        assertThrows(NonFiniteLossException.class, () -> optimiser.step(START, broken, 0.1));
        Context after = optimiser.step(START, BOWL, 0.1).context();
        assertArrayEquals(new ContextOptimiser(settings(Method.GCSCOOP, 0.1, 0)).step(START, BOWL, 0.1).context().values(), after.values());
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
        CrossEntropy.Result result = CrossEntropy.of(images, labels, text, 10);
        for (int c = 0; c < 3; c++) {
            for (int d = 0; d < 2; d++) {
                text[c][d] += 1e-3f;
                double above = CrossEntropy.of(images, labels, text, 10).loss();
                text[c][d] -= 2e-3f;
                double below = CrossEntropy.of(images, labels, text, 10).loss();
                text[c][d] += 1e-3f;
                assertEquals((above - below) / 2e-3, result.byTextFeatures()[c][d], 1e-2);
            }
        }
    }

    private static OptimiserSettings settings(Method method, double rho, double weightDecay) {
        return new OptimiserSettings(method, rho, 0.5, 0.8, 0.1, 0.9, weightDecay);
    }

    private static double square(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value * value;
        }
        return sum;
    }
}
