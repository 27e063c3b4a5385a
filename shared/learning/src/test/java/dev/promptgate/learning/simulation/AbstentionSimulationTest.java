package dev.promptgate.learning.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.calibration.Calibration;
import dev.promptgate.learning.calibration.Confidences;
import dev.promptgate.learning.calibration.SimulatedImages;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often a threshold breaks its promise, and how much it answers: measured on simulated images, printed as a report. */
class AbstentionSimulationTest {
    private static final int RUNS = Integer.getInteger("simulation.runs", Boolean.getBoolean("test.long") ? 1_000 : 200);
    private static final int CLASSES = 10;
    private static final int FUTURE = 20_000;
    private static final double SCALE = 2;
    private static final double LABEL_NOISE = 0.01;

    /** Averages over the runs. */
    private record Row(double broken, double withoutThreshold, double answered, double eceBefore, double eceAfter) {}

    private final SimulatedImages future = SimulatedImages.draw(FUTURE, CLASSES, SCALE, LABEL_NOISE, new SplittableRandom(1));

    @Test
    void thePromisedErrorIsBrokenAsSeldomAsPromised() throws IOException {
        SimulationReport report = new SimulationReport("abstention",
                ("%d draws of held-out images a row, of %d classes, with logits %.0f times too large and %.0f label in 100 wrong; "
                        + "temperature and threshold are fitted on them and then meet %d images whose chances of being wrong are known. "
                        + "Broken: more of the answers are wrong than the target.")
                        .formatted(RUNS, CLASSES, SCALE, 100 * LABEL_NOISE, FUTURE));
        report.row("held-out images", "target error", "broken", "no threshold", "answered", "could be answered", "ECE before", "after");
        for (double target : new double[] {0.05, 0.1}) {
            double possible = possible(target);
            for (int images : new int[] {200, 500, 2000}) {
                Row row = simulate(images, target);
                report.row(images, SimulationReport.percent(target), SimulationReport.percent(row.broken()),
                        SimulationReport.percent(row.withoutThreshold()), SimulationReport.percent(row.answered()),
                        SimulationReport.percent(possible), SimulationReport.percent(row.eceBefore()),
                        SimulationReport.percent(row.eceAfter()));
                double noise = 3 * Math.sqrt(0.05 * 0.95 / RUNS); // of a share of 5% measured by so many runs
                assertTrue(row.broken() <= 1 - Calibration.CONFIDENCE + noise, images + " images: " + row);
                assertTrue(row.eceAfter() < row.eceBefore(), images + " images: " + row);
                assertTrue(images < 2000 || row.answered() > possible / 2, images + " images: " + row);
            }
        }
        report.print();
    }

    private Row simulate(int images, double target) {
        SplittableRandom random = new SplittableRandom(images + Math.round(1000 * target));
        double[] sums = new double[5];
        for (int run = 0; run < RUNS; run++) {
            SimulatedImages drawn = SimulatedImages.draw(images, CLASSES, SCALE, LABEL_NOISE, random);
            Calibration calibration = Calibration.of(drawn.logits(), drawn.labels(), temperature -> new double[0], target);
            double threshold = calibration.abstention().threshold();
            int[] answered = IntStream.range(0, Double.isNaN(threshold) ? 0 : FUTURE)
                    .filter(i -> Confidences.highest(future.logits()[i], calibration.temperature()) >= threshold).toArray();
            double wrong = Arrays.stream(answered).mapToDouble(i -> future.errors()[i]).sum();
            sums[0] += wrong > target * answered.length ? 1 : 0;
            sums[1] += Double.isNaN(threshold) ? 1 : 0;
            sums[2] += (double) answered.length / FUTURE;
            sums[3] += calibration.uncalibrated().ece();
            sums[4] += calibration.calibrated().ece();
        }
        return new Row(sums[0] / RUNS, sums[1] / RUNS, sums[2] / RUNS, sums[3] / RUNS, sums[4] / RUNS);
    }

    /** The most that whoever knew the chances could answer. */
    private double possible(double target) {
        double[] errors = future.errors().clone();
        Arrays.sort(errors);
        double wrong = 0;
        int answered = 0;
        while (answered < FUTURE && wrong + errors[answered] <= target * (answered + 1)) {
            wrong += errors[answered++];
        }
        return (double) answered / FUTURE;
    }
}
