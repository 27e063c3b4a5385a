package dev.promptgate.learning.continual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.training.SgdSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 400 GCSCoOp steps on real features, 2,000 with -Pchaos: nothing turns NaN, nothing leaks, the loss falls. */
class SoakIT {
    private static final int STEPS = Boolean.getBoolean("test.long") ? 500 : 100;
    private static final int CLASSES = 12;

    @Test
    void manyStepsLeakNothing(@TempDir Path directory) throws Exception {
        try (ClipModel model = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu())) {
            ContinualLearner learner = new ContinualLearner(
                    new LearningSettings(MethodSettings.defaults(ContextMethod.GCSCOOP), SgdSettings.DEFAULT,
                            LearningSettings.Start.DEFAULT,
                            LearningSettings.Shots.DEFAULT, new LearningSettings.Update(64, STEPS, 1, LearningSettings.WarmStart.CANDIDATE),
                            LearningSettings.Urgency.DEFAULT, 1),
                    model);
            List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(CLASSES).toList();
            for (SampleStream.Entry entry : SampleStream.entries()) {
                if (classes.contains(entry.label()) && entry.split().equals("train")) {
                    float[] feature = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(SampleStream.bytes(entry))))[0];
                    learner.offer(new Shot(entry.file(), entry.label(), feature), 0);
                }
            }
            double firstLoss = meanLoss(update(learner));
            long arrays = model.managedArrays();
            double resident = residentMegabytes();
            double lastLoss = Double.NaN;
            for (int update = 1; update < 4; update++) {
                UpdateResult result = update(learner);
                assertEquals(STEPS, result.branches().values().stream().mapToInt(Integer::intValue).sum());
                assertTrue(result.branches().containsKey(Branch.SAM));
                lastLoss = meanLoss(result);
            }
            System.out.printf("soak: loss %.4f to %.4f, managed arrays %d, resident %.0f to %.0f MB%n", firstLoss, lastLoss,
                    model.managedArrays(), resident,
                    residentMegabytes());
            assertEquals(arrays, model.managedArrays());
            assertTrue(lastLoss < firstLoss, "the loss went from " + firstLoss + " to " + lastLoss);
            assertTrue(residentMegabytes() <= 1.05 * resident,
                    "resident memory grew from " + resident + " to " + residentMegabytes() + " MB");
        }
    }

    private static UpdateResult update(ContinualLearner learner) {
        UpdateResult result = learner.begin(false)
                .run(step -> assertTrue(Double.isFinite(step.loss()) && Double.isFinite(step.perturbedLoss())));
        learner.finish(result);
        return result;
    }

    /** Over the whole update: that of a single batch is mostly chance. */
    private static double meanLoss(UpdateResult result) {
        return result.steps().stream().mapToDouble(StepReport::loss).average().orElseThrow();
    }

    /**
     * After a collection, so that the Java heap's own breathing is not taken for a leak; the serial collector, which Maven gives tests,
     * returns all.
     */
    private static double residentMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "Skipped: resident memory is read from /proc");
        System.gc();
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024).findFirst().orElseThrow();
    }
}
