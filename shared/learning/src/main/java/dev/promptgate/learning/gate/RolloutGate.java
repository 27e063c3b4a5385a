package dev.promptgate.learning.gate;

import dev.promptgate.learning.gate.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides whether a candidate may replace the live prompt: a test of non-inferiority on paired images, for seen and unseen classes, against
 * the live prompt and against any further one that it must not fall behind.
 *
 * <p>Fail: for any of them a loss is established by exact McNemar and is larger than what is allowed. Pass: for all of them the lower bound
 * of the paired bootstrap rules such a loss out. Otherwise inconclusive, as with too few images. Pass needs every test to hold, so several
 * tests do not inflate the rate of false rollouts. Pure functions.
 */
public final class RolloutGate {
    private RolloutGate() {}

    /**
     * @param evidence against the live prompt first
     * @param fewestPerClass images of the seen class that has fewest
     * @param look how often the candidate has been tested, this time included
     */
    public static Verdict decide(GateSettings settings, List<GateEvidence> evidence, int fewestPerClass, int look) {
        double alpha = ErrorBudget.atLook(1 - settings.confidence(), look);
        List<PairedTest> tests = new ArrayList<>();
        for (GateEvidence against : evidence) {
            tests.add(PairedTest.of(against.against(), "seen", against.seen(), settings.maxSeenDrop(), alpha));
            tests.add(PairedTest.of(against.against(), "unseen", against.unseen(), settings.maxUnseenDrop(), alpha));
        }
        String figures = tests.stream().map(PairedTest::describe).distinct().collect(Collectors.joining("; "));
        // With a handful of unseen images nothing could ever be ruled out: they count once there are enough.
        Predicate<PairedTest> counts = test -> test.protocol().equals("seen") || test.pairs().images() >= settings.minUnseenImages();
        int seen = evidence.get(0).seen().images();
        boolean isEnough = seen >= settings.minImages() && fewestPerClass >= settings.minImagesPerClass();
        List<PairedTest> lost = tests.stream().filter(counts).filter(isEnough ? PairedTest::isLost : PairedTest::isPlainlyLost).toList();
        if (!lost.isEmpty()) {
            return new Verdict(Outcome.FAIL, names(lost) + " classes regress: " + figures, tests, true);
        }
        if (!isEnough) {
            return new Verdict(Outcome.INCONCLUSIVE, "too few held-out images of seen classes (%d of %d, fewest of a class %d of %d): %s"
                    .formatted(seen, settings.minImages(), fewestPerClass, settings.minImagesPerClass(), figures), tests, false);
        }
        List<PairedTest> open = tests.stream().filter(counts).filter(test -> !test.holds()).toList();
        if (open.isEmpty()) {
            return new Verdict(Outcome.PASS, figures, tests, true);
        }
        return new Verdict(Outcome.INCONCLUSIVE, "too few images to rule out a drop of the %s classes: %s".formatted(names(open), figures),
                tests, true);
    }

    /**
     * The verdict on a candidate by its expected calibration error, too, where that is demanded: one that would pass fails if its error
     * exceeds the live prompt's by more than is allowed. The errors are estimates without a bound of their own, fractions; while either is
     * NaN, for want of images, the candidate waits.
     */
    public static Verdict withCalibration(GateSettings settings, Verdict verdict, double liveEce, double candidateEce) {
        if (verdict.outcome() != Outcome.PASS || !settings.demandsCalibration()) {
            return verdict;
        }
        double increase = candidateEce - liveEce;
        if (Double.isNaN(increase)) {
            return new Verdict(Outcome.INCONCLUSIVE, "too few images to tell the calibration error: " + verdict.reason(), verdict.tests(),
                    false);
        }
        String figures = String.format(Locale.ROOT, "calibration error %.1f%% → %.1f%% (%+.1f points, allowed %+.1f); %s", 100 * liveEce,
                100 * candidateEce, 100 * increase, 100 * settings.maxEceIncrease(), verdict.reason());
        return increase > settings.maxEceIncrease() ? new Verdict(Outcome.FAIL, "worse calibrated: " + figures, verdict.tests(), true)
                : new Verdict(Outcome.PASS, figures, verdict.tests(), true);
    }

    private static String names(List<PairedTest> tests) {
        return tests.stream().map(PairedTest::protocol).distinct().collect(Collectors.joining(" and "));
    }
}
