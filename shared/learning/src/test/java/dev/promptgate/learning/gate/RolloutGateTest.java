package dev.promptgate.learning.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.gate.Verdict.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutGateTest {
    private static final PairedOutcomes NONE = new PairedOutcomes(0, 0, 0, 0);
    private static final int ENOUGH = 10;

    @ParameterizedTest(name = "seen {0} won {1} lost, unseen {2} won {3} lost: {4}")
    @CsvSource({
            "0, 0, 0, 0, PASS",
            "30, 5, 0, 0, PASS",
            "5, 60, 0, 0, FAIL",
            "30, 5, 0, 60, FAIL",
            "20, 24, 0, 0, INCONCLUSIVE",
            "30, 5, 20, 30, INCONCLUSIVE"})
    void decidesOnBothKindsOfClasses(int seenWon, int seenLost, int unseenWon, int unseenLost, Outcome expected) {
        Verdict verdict = decide(of(600, seenWon, seenLost), of(480, unseenWon, unseenLost), ENOUGH);
        assertEquals(expected, verdict.outcome(), verdict.reason());
    }

    @Test
    void tooFewImagesAreInconclusiveHoweverGood() {
        Verdict verdict = decide(of(99, 50, 0), NONE, ENOUGH);
        assertEquals(Outcome.INCONCLUSIVE, verdict.outcome());
        assertFalse(verdict.isTested());
    }

    @Test
    void aClassWithTooFewImagesIsInconclusive() {
        assertEquals(Outcome.INCONCLUSIVE, decide(of(600, 50, 0), NONE, 1).outcome());
    }

    @Test
    void aPlainLossFailsOnWhateverImagesThereAre() {
        assertEquals(Outcome.FAIL, decide(of(50, 0, 30), NONE, 0).outcome());
        assertEquals(Outcome.FAIL, decide(of(50, 0, 0), of(480, 5, 60), 0).outcome());
        assertEquals(Outcome.INCONCLUSIVE, decide(of(50, 0, 8), NONE, 0).outcome(), "enough to fail among 100, not among 50");
        assertEquals(Outcome.FAIL, decide(of(100, 0, 8), NONE, ENOUGH).outcome());
        assertEquals(Outcome.INCONCLUSIVE, decide(of(50, 0, 0), of(99, 0, 60), 0).outcome(), "too few unseen images count for nothing");
    }

    @Test
    void withoutUnseenImagesTheSeenOnesDecide() {
        Verdict verdict = decide(of(600, 30, 5), NONE, ENOUGH);
        assertEquals(Outcome.PASS, verdict.outcome());
        assertTrue(verdict.reason().contains("no unseen images"), verdict.reason());
    }

    @Test
    void aHandfulOfUnseenImagesDoesNotBlock() {
        assertEquals(Outcome.PASS, decide(of(600, 30, 5), of(99, 0, 20), ENOUGH).outcome());
        assertEquals(Outcome.FAIL, decide(of(600, 30, 5), of(100, 0, 20), ENOUGH).outcome());
    }

    @Test
    void noImagesAtAllAreInconclusive() {
        assertEquals(Outcome.INCONCLUSIVE, decide(NONE, NONE, 0).outcome());
    }

    @Test
    void theReasonHoldsTheFigures() {
        String reason = decide(of(600, 30, 5), NONE, ENOUGH).reason();
        assertTrue(reason.contains("+4.2 points on 600 images"), reason);
    }

    @Test
    void fallingBehindTheBestPromptFailsEvenIfTheLiveOneIsNoBetter() {
        Verdict verdict = RolloutGate.decide(GateSettings.DEFAULT, List.of(new GateEvidence("live", of(600, 10, 10), NONE),
                new GateEvidence("best", of(600, 5, 60), NONE)), ENOUGH, 1);
        assertEquals(Outcome.FAIL, verdict.outcome());
        assertEquals(4, verdict.tests().size());
    }

    @Test
    void laterLooksDemandMore() {
        PairedOutcomes seen = of(2000, 48, 40);
        assertEquals(Outcome.PASS,
                RolloutGate.decide(GateSettings.DEFAULT, List.of(new GateEvidence("live", seen, NONE)), ENOUGH, 1).outcome());
        assertEquals(Outcome.INCONCLUSIVE,
                RolloutGate.decide(GateSettings.DEFAULT, List.of(new GateEvidence("live", seen, NONE)), ENOUGH, 30).outcome());
    }

    @Test
    void theSharesOfAllLooksAddUpToNoMoreThanTheWhole() {
        double looks = 0;
        double periods = 0;
        for (int k = 1; k <= 100_000; k++) {
            looks += ErrorBudget.atLook(0.05, k);
            periods += ErrorBudget.inPeriod(0.05, k);
        }
        assertTrue(looks <= 0.05 + 1e-12 && looks > 0.0499, "looks " + looks);
        assertTrue(periods <= 0.05 && periods > 0.0499, "periods " + periods);
    }

    @Test
    void whatIsWorseCalibratedThanAllowedFailsWhereThatIsDemanded() {
        Verdict pass = decide(of(600, 30, 5), NONE, ENOUGH);
        assertEquals(pass, RolloutGate.withCalibration(GateSettings.DEFAULT, pass, 0.01, 0.5), "nothing is demanded by default");
        GateSettings strict = new GateSettings(0.01, 0.03, 0.95, 100, 2, 100, 0.02);
        assertEquals(Outcome.PASS, RolloutGate.withCalibration(strict, pass, 0.03, 0.049).outcome());
        assertEquals(Outcome.PASS, RolloutGate.withCalibration(strict, pass, 0.05, 0.01).outcome());
        Verdict fail = RolloutGate.withCalibration(strict, pass, 0.03, 0.071);
        assertEquals(Outcome.FAIL, fail.outcome());
        assertTrue(fail.reason().startsWith("worse calibrated: calibration error 3.0% → 7.1% (+4.1 points, allowed +2.0); seen"),
                fail.reason());
        Verdict unknown = RolloutGate.withCalibration(strict, pass, Double.NaN, 0.01);
        assertEquals(Outcome.INCONCLUSIVE, unknown.outcome());
        assertFalse(unknown.isTested());
        Verdict lost = decide(of(600, 5, 60), NONE, ENOUGH);
        assertEquals(lost, RolloutGate.withCalibration(strict, lost, 0.03, 0.01), "good calibration mends no loss");
    }

    private static Verdict decide(PairedOutcomes seen, PairedOutcomes unseen, int fewestPerClass) {
        return RolloutGate.decide(GateSettings.DEFAULT, List.of(new GateEvidence("live", seen, unseen)), fewestPerClass, 1);
    }

    private static PairedOutcomes of(int images, int won, int lost) {
        int both = (images - won - lost) / 2;
        return new PairedOutcomes(both, won, lost, images - won - lost - both);
    }
}
