package dev.promptgate.experiments.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.loss.LabelLoss;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RobustnessTest {
    private static List<ComparedMethod> over(List<String> losses, List<Double> noise, String... methods) {
        return Robustness.of(losses, noise).over(Stream.of(methods).map(ComparedMethod::named).toList());
    }

    @Test
    void contextsAreLearnedByEachLossAndEveryMethodOnEachShareOfWrongLabels() {
        List<ComparedMethod> compared = over(List.of("cross-entropy", "mae"), List.of(0.0, 0.125), "kgcoop", "rail");
        assertEquals(List.of("kgcoop", "kgcoop-noise-0.125", "kgcoop-mae", "kgcoop-mae-noise-0.125", "rail", "rail-noise-0.125"),
                compared.stream().map(ComparedMethod::name).toList());
        ComparedMethod both = compared.get(3);
        assertEquals("KgCoOp, mae, 12.5% wrong labels", both.title());
        assertEquals("w = 8, loss = mae, label noise 0.125", both.settings());
        assertEquals(0.125, both.labelNoise());
        assertEquals(LabelLoss.MAE, ((ContextLearner) both.learner()).method().labelLoss());
    }

    @Test
    void aRunTrainsOnThem() {
        List<ComparedMethod> compared = over(List.of("cross-entropy"), List.of(0.5), "coop");
        Plan plan = new Plan(null, null, compared, List.of(1L), List.of(4), TrainingSettings.of(2, 15));
        assertEquals(0.5, plan.run(plan.cells().get(0), step -> {}).labelNoise());
    }

    @Test
    void whatIsNoLossAndNoShareIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> over(List.of("gce"), List.of(0.0))).getMessage()
                .startsWith("There is no such loss; known are cross-entropy, generalised-cross-entropy, mae"));
        for (double share : new double[] {-0.1, 1, Double.NaN}) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> over(List.of("mae"), List.of(share))).getMessage()
                    .contains("--label-noise must be shares"));
        }
    }
}
