package dev.promptgate.experiments.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Hand-written prompts on the bundled model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BundledModelTest
class PromptEnsembleIT {
    private static final TrainingSettings SETTINGS = new TrainingSettings(2, 16, 0.002, 1, 0.9, 5e-4);

    private BundledTask bundled;

    @BeforeAll
    void load(ClipModel model) throws Exception {
        bundled = new BundledTask(model, 12, 8);
    }

    @Test
    void featuresAreTheNormalisedMeanOfThoseOfThePlainTexts() {
        float[][] features = ensemble().features(bundled.classes);
        for (int c = 0; c < bundled.classes.size(); c++) {
            String name = bundled.classes.get(c).replace('_', ' ');
            float[][] each = bundled.model.textEncoder()
                    .encode(PromptEnsemble.TEMPLATES.stream().map(words -> words + " " + name + ".").toList());
            double[] mean = new double[each[0].length];
            double squares = 0;
            for (int d = 0; d < mean.length; d++) {
                for (float[] one : each) {
                    mean[d] += one[d] / each.length;
                }
                squares += mean[d] * mean[d];
            }
            for (int d = 0; d < mean.length; d++) {
                assertEquals(mean[d] / Math.sqrt(squares), features[c][d], 1e-4, name);
            }
        }
    }

    @Test
    void oneTemplateIsZeroShot() {
        PromptEnsemble.Ensemble single = new PromptEnsemble.Ensemble(bundled.model.textEncoder(), List.of("a photo of a"));
        Classifier zeroShot = ComparedMethod.named("zero-shot").learner().learn(bundled.task(SETTINGS, 1), Optional.empty(), step -> {});
        assertArrayEquals(zeroShot.classify(bundled.images(), bundled.classes), single.classify(bundled.images(), bundled.classes));
    }

    @Test
    void itTellsTheClassesApart() {
        int[] predicted = ensemble().classify(bundled.images(), bundled.classes);
        int[] labels = bundled.all().labels();
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += predicted[i] == labels[i] ? 1 : 0;
        }
        System.out.printf("ensemble: %d of %d%n", right, labels.length);
        assertTrue(right > labels.length / 2, right + " of " + labels.length);
    }

    @Test
    void featuresAreKeptForTheSameClassesOnly() {
        PromptEnsemble.Ensemble ensemble = ensemble();
        float[][] features = ensemble.features(bundled.classes);
        assertSame(features, ensemble.features(List.copyOf(bundled.classes)));
        assertEquals(2, ensemble.features(bundled.classes.subList(3, 5)).length);
        assertArrayEquals(features[3], ensemble.features(bundled.classes)[3]);
    }

    @Test
    void itDoesNotTrain() {
        assertEquals(0, new PromptEnsemble().steps(bundled.task(SETTINGS, 1)));
        assertTrue(ensemble().context().isEmpty());
    }

    private PromptEnsemble.Ensemble ensemble() {
        return (PromptEnsemble.Ensemble) ComparedMethod.named("ensemble").learner().learn(bundled.task(SETTINGS, 1), Optional.empty(),
                step -> {});
    }
}
