package dev.promptgate.experiments.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Classifiers on image features, on real ones: trained on eight shots of 18 classes, asked about others of these and of six more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BundledModelTest
class FeatureMethodsIT {
    private static final List<String> METHODS = List.of("linear-probe", "tip-adapter", "tip-adapter-f", "gda-clip", "rail");
    private static final int CLASSES = 24;
    private static final int TRAINED = 18;
    private static final int SHOTS = 16;
    private static final TrainingSettings SETTINGS = TrainingSettings.of(2, 16);

    private BundledTask all;
    private List<String> trained;
    private List<String> fresh;
    private TrainingTask task;
    private List<Sample> tested;

    @BeforeAll
    void load(ClipModel model) throws Exception {
        all = new BundledTask(model, CLASSES, SHOTS);
        trained = all.classes.subList(0, TRAINED);
        fresh = all.classes.subList(TRAINED, CLASSES);
        List<Sample> samples = all.task(SETTINGS, 1).samples();
        task = task(
                samples.stream().filter(sample -> sample.classIndex() < TRAINED && samples.indexOf(sample) % SHOTS < SHOTS / 2).toList(),
                trained);
        tested = samples.stream().filter(sample -> samples.indexOf(sample) % SHOTS >= SHOTS / 2).toList();
    }

    private TrainingTask task(List<Sample> samples, List<String> classes) {
        return new TrainingTask(all.model, classes, samples, "a photo of a", SETTINGS, 1);
    }

    private static Classifier learned(String method, TrainingTask task, Classifier from) {
        return ComparedMethod.named(method).learner().learn(task, Optional.ofNullable(from), step -> {});
    }

    /** Of the tested images of some classes, how many are named among others. */
    private double accuracy(Classifier classifier, List<String> of, List<String> among) {
        List<Sample> images = tested.stream().filter(sample -> of.contains(all.classes.get(sample.classIndex()))).toList();
        int[] answers = classifier.classify(images.stream().map(sample -> sample.views()[0]).toArray(float[][]::new), among);
        int right = 0;
        for (int i = 0; i < answers.length; i++) {
            right += answers[i] >= 0 && among.get(answers[i]).equals(all.classes.get(images.get(i).classIndex())) ? 1 : 0;
        }
        return right / (double) answers.length;
    }

    @TestFactory
    Stream<DynamicTest> shotsHelpAndTheSameShotsGiveTheSame() {
        double zeroShot = accuracy(learned("zero-shot", task, null), trained, trained);
        return METHODS.stream().map(method -> DynamicTest.dynamicTest(method, () -> {
            List<StepReport> steps = new ArrayList<>();
            FewShotLearner learner = ComparedMethod.named(method).learner();
            Classifier classifier = learner.learn(task, Optional.empty(), steps::add);
            double accuracy = accuracy(classifier, trained, trained);
            System.out.printf("%-14s %.3f among trained classes (zero-shot %.3f), %,d bytes%n", method, accuracy, zeroShot,
                    classifier.bytes());
            assertTrue(accuracy > zeroShot, accuracy + " is no better than " + zeroShot);
            assertEquals(learner.steps(task), steps.size());
            assertArrayEquals(classifier.classify(all.images(), all.classes),
                    learned(method, task, null).classify(all.images(), all.classes));
            assertTrue(classifier.bytes() > TRAINED * all.model.featureDim() * Float.BYTES);
            assertTrue(classifier.context().isEmpty());
        }));
    }

    /** By the hand-written prompt, all but the linear probe, which cannot. */
    @TestFactory
    Stream<DynamicTest> newClassesAreNamed() {
        double zeroShot = accuracy(learned("zero-shot", task, null), fresh, fresh);
        return METHODS.stream().map(method -> DynamicTest.dynamicTest(method, () -> {
            double accuracy = accuracy(learned(method, task, null), fresh, fresh);
            System.out.printf("%-14s %.3f among new classes (zero-shot %.3f)%n", method, accuracy, zeroShot);
            switch (method) {
                case "linear-probe" -> {
                    int[] answers = learned(method, task, null).classify(all.images(), fresh);
                    assertTrue(Arrays.stream(answers).allMatch(answer -> answer == -1), Arrays.toString(answers));
                }
                case "gda-clip" -> assertTrue(accuracy > 0.5 / fresh.size(), "nothing of the new classes: " + accuracy);
                default -> assertEquals(zeroShot, accuracy);
            }
        }));
    }

    @Test
    void railGoesOnToWhatAllShotsAtOnceGive() {
        List<Sample> samples = task.samples();
        Classifier first = learned("rail", task(samples.stream().filter(sample -> sample.classIndex() < 3).toList(), trained.subList(0, 3)),
                null);
        Classifier second = learned("rail",
                task(samples.stream().filter(sample -> sample.classIndex() < 7).toList(), trained.subList(0, 7)),
                first);
        Classifier third = learned("rail", task, second);
        assertArrayEquals(learned("rail", task, null).classify(all.images(), all.classes), third.classify(all.images(), all.classes));
        assertEquals(learned("rail", task, null).bytes(), third.bytes());
    }
}
