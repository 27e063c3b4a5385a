package dev.promptgate.learning.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.watch.RegressionWatch;
import dev.promptgate.learning.watch.WatchSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How often the watch rolls a good prompt back, and how soon a bad one: it looks after every image. Printed as a report. */
class WatchSimulationTest {
    private static final WatchSettings SETTINGS = new WatchSettings(0.01, 0.03, WatchSettings.DEFAULT_CONFIDENCE,
            WatchSettings.DEFAULT_PERIOD_IMAGES);
    private static final int RUNS = 500;
    private static final int IMAGES = 40_000;
    private static final double DISCORDANT = 0.10;

    @Test
    void lookingAfterEveryImageInflatesNoFalseAlarms() throws IOException {
        SimulationReport report = new SimulationReport("watch",
                ("%d simulated rollouts a row, each watched over %d new images of seen classes and looked at after every one, in "
                        + "periods of %d; 1 image in %.0f is answered differently; allowed drop %.0f point, confidence %.2f.")
                        .formatted(RUNS, IMAGES, SETTINGS.periodImages(), 1 / DISCORDANT, 100 * SETTINGS.maxSeenDrop(),
                                SETTINGS.confidence()));
        report.row("true difference", "rolled back", "images until then: median", "90%");
        for (double difference : new double[] {0.01, 0, -0.01, -0.02, -0.03, -0.05, -0.08}) {
            int[] images = alarms(difference);
            double share = (double) images.length / RUNS;
            report.row(SimulationReport.points(difference), SimulationReport.percent(share), share < 0.5 ? "" : images[RUNS / 2],
                    share < 0.9 ? "" : images[RUNS * 9 / 10]);
            if (difference >= -SETTINGS.maxSeenDrop()) {
                assertTrue(share <= 1 - SETTINGS.confidence() + 0.005, "false alarms: " + share + " at " + difference);
            }
            if (difference <= -0.05) {
                assertTrue(share >= 0.99, "a drop goes unnoticed: " + share + " at " + difference);
            }
        }
        report.print();
    }

    /** For each run that ended in an alarm, after how many images, ascending. */
    private static int[] alarms(double difference) {
        SplittableRandom random = new SplittableRandom(Math.round(difference * 1000));
        int[] images = new int[RUNS];
        for (int run = 0; run < RUNS; run++) {
            RegressionWatch watch = new RegressionWatch(SETTINGS);
            for (int i = 1; i <= IMAGES && images[run] == 0; i++) {
                double u = random.nextDouble();
                boolean gain = u < (DISCORDANT + difference) / 2;
                boolean loss = !gain && u < DISCORDANT;
                watch.add(true, !loss, !gain);
                images[run] = watch.alarm().isPresent() ? i : 0;
            }
        }
        return Arrays.stream(images).filter(n -> n > 0).sorted().toArray();
    }
}
