package dev.promptgate.learning.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.RolloutGate;
import dev.promptgate.learning.gate.Verdict.Outcome;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How often the gate is wrong, and how often it notices: measured on simulated images, printed as a report. */
class GateSimulationTest {
    private static final GateSettings SETTINGS = GateSettings.DEFAULT;
    private static final PairedOutcomes NONE = new PairedOutcomes(0, 0, 0, 0);
    private static final int RUNS = Integer.getInteger("simulation.runs", Boolean.getBoolean("test.long") ? 1_000 : 200);
    private static final int LOOKS = 5;
    private static final double[] DIFFERENCES = {0.02, 0, -0.01, -0.02, -0.05};
    /** Share of images that the two prompts answer differently. */
    private static final double DISCORDANT = 0.10;

    private final Map<String, Outcome> decided = new HashMap<>();

    @Test
    void falseRolloutsAreAsRareAsPromisedAndDropsAreNoticed() throws IOException {
        SimulationReport report = new SimulationReport("gate",
                ("%d simulated candidates a row; 1 image in %.0f is answered differently; allowed drop %.0f point, confidence %.2f."
                        + " First look: verdicts on so many held-out images. Waiting: up to %d looks, "
                        + "each with half as many images more; counted is the final verdict, inconclusive ones are never rolled out.")
                        .formatted(RUNS, 1 / DISCORDANT, 100 * SETTINGS.maxSeenDrop(), SETTINGS.confidence(), LOOKS));
        report.row("images", "true difference", "first look: pass", "fail", "inconclusive", "waiting: pass", "fail", "inconclusive");
        for (int images : new int[] {250, 1000, 4000, 12000}) {
            for (double difference : DIFFERENCES) {
                Map<Outcome, Double> once = share(images, difference, 1);
                Map<Outcome, Double> waited = share(images, difference, LOOKS);
                report.row(images, SimulationReport.points(difference), percent(once, Outcome.PASS), percent(once, Outcome.FAIL),
                        percent(once, Outcome.INCONCLUSIVE),
                        percent(waited, Outcome.PASS), percent(waited, Outcome.FAIL), percent(waited, Outcome.INCONCLUSIVE));
                check(images, difference, once);
                check(images, difference, waited);
            }
        }
        report.print();
    }

    private static void check(int images, double difference, Map<Outcome, Double> share) {
        String where = " [images: %d, difference: %s, shares: %s]".formatted(images, difference, share);
        double noise = 3 * Math.sqrt(0.05 * 0.95 / RUNS); // of a share of 5% measured by so many runs
        if (difference <= -SETTINGS.maxSeenDrop()) {
            assertTrue(share.get(Outcome.PASS) <= 0.05 + noise, "false rollouts beyond α" + where);
        }
        if (difference >= 0) {
            assertTrue(share.get(Outcome.FAIL) <= 0.05 + noise, "good candidates fail beyond α" + where);
        }
        if (images >= 12000) {
            assertTrue(difference > -0.02 || share.get(Outcome.FAIL) >= 0.95, "no power against a drop of 2 points" + where);
            assertTrue(difference < 0 || share.get(Outcome.PASS) >= 0.9, "good candidates are kept back" + where);
        }
    }

    private Map<Outcome, Double> share(int images, double difference, int looks) {
        SplittableRandom random = new SplittableRandom(images * 31L + Math.round(difference * 1000) + looks);
        Map<Outcome, Double> share = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            share.put(outcome, 0.0);
        }
        for (int run = 0; run < RUNS; run++) {
            share.merge(verdict(images, difference, looks, random), 1.0 / RUNS, Double::sum);
        }
        return share;
    }

    private Outcome verdict(int images, double difference, int looks, SplittableRandom random) {
        int[] pairs = new int[3]; // won, lost, same
        draw(images, difference, random, pairs);
        Outcome outcome = decide(pairs, 1);
        for (int look = 2; look <= looks && outcome == Outcome.INCONCLUSIVE; look++) {
            draw((pairs[0] + pairs[1] + pairs[2]) / 2, difference, random, pairs);
            outcome = decide(pairs, look);
        }
        return outcome;
    }

    private static void draw(int images, double difference, SplittableRandom random, int[] pairs) {
        for (int i = 0; i < images; i++) {
            double u = random.nextDouble();
            pairs[u < (DISCORDANT + difference) / 2 ? 0 : u < DISCORDANT ? 1 : 2]++;
        }
    }

    private Outcome decide(int[] pairs, int look) {
        return decided.computeIfAbsent(pairs[0] + "/" + pairs[1] + "/" + pairs[2] + "/" + look, key -> RolloutGate.decide(SETTINGS,
                List.of(new GateEvidence("live", new PairedOutcomes(pairs[2], pairs[0], pairs[1], 0), NONE)), SETTINGS.minImagesPerClass(),
                look).outcome());
    }

    private static String percent(Map<Outcome, Double> share, Outcome outcome) {
        return SimulationReport.percent(share.get(outcome));
    }
}
