package dev.promptgate.learner.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.learning.continual.LearningSettings.WarmStart;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.Hyperparameter;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.training.SgdSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CandidateWriterTest {
    @Test
    void aCandidateSaysIfItsStepsSawASampleOfItsClasses() {
        assertEquals("2", classesPerStep(2, List.of("ant", "bee", "cat")));
        assertNull(classesPerStep(2, List.of("ant", "bee")));
        assertNull(classesPerStep(0, List.of("ant", "bee", "cat")));
    }

    @Test
    void aCandidateTellsOfALossThatIsNotCrossEntropy() {
        assertEquals("mae", summary(new MethodSettings(ContextMethod.COOP, Map.of(), LabelLoss.MAE), List.of("ant", "bee")).get("loss"));
        assertNull(summary(MethodSettings.defaults(ContextMethod.COOP), List.of("ant", "bee")).get("loss"));
    }

    private static String classesPerStep(double bound, List<String> classes) {
        return summary(new MethodSettings(ContextMethod.COOP, Map.of(Hyperparameter.CLASSES_PER_STEP, bound)), classes)
                .get("classes_per_step");
    }

    private static Map<String, String> summary(MethodSettings method, List<String> classes) {
        LearningSettings learning = new LearningSettings(method, SgdSettings.DEFAULT,
                LearningSettings.Start.DEFAULT, LearningSettings.Shots.DEFAULT, new LearningSettings.Update(1, 2, 0, WarmStart.CANDIDATE),
                LearningSettings.Urgency.DEFAULT, 1);
        Map<String, Long> readyAt = new TreeMap<>();
        classes.forEach(name -> readyAt.put(name, 1L));
        UpdateResult result = new UpdateResult(1, false, new Context(1, 1, new float[1]), readyAt, Descriptions.NONE, 3,
                List.of(new StepReport(1, Double.NaN, Double.NaN, Branch.ERM)));
        return CandidateWriter.summary(learning, result);
    }
}
