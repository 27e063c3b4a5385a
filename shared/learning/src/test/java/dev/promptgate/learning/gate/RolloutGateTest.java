package dev.promptgate.learning.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
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
        Verdict verdict = RolloutGate.decide(GateSettings.defaults(), of(600, seenWon, seenLost), of(480, unseenWon, unseenLost), ENOUGH);
        assertEquals(expected, verdict.outcome(), verdict.reason());
    }

    @Test
    void tooFewImagesAreInconclusiveHoweverGood() {
        assertEquals(Outcome.INCONCLUSIVE, RolloutGate.decide(GateSettings.defaults(), of(99, 50, 0), NONE, ENOUGH).outcome());
    }

    @Test
    void aClassWithTooFewImagesIsInconclusive() {
        assertEquals(Outcome.INCONCLUSIVE, RolloutGate.decide(GateSettings.defaults(), of(600, 50, 0), NONE, 1).outcome());
    }

    @Test
    void withoutUnseenImagesTheSeenOnesDecide() {
        Verdict verdict = RolloutGate.decide(GateSettings.defaults(), of(600, 30, 5), NONE, ENOUGH);
        assertEquals(Outcome.PASS, verdict.outcome());
        assertTrue(verdict.reason().contains("no unseen images"), verdict.reason());
    }

    @Test
    void noImagesAtAllAreInconclusive() {
        assertEquals(Outcome.INCONCLUSIVE, RolloutGate.decide(GateSettings.defaults(), NONE, NONE, 0).outcome());
    }

    @Test
    void theReasonHoldsTheFigures() {
        String reason = RolloutGate.decide(GateSettings.defaults(), of(600, 30, 5), NONE, ENOUGH).reason();
        assertTrue(reason.contains("+4.2 points on 600 images"), reason);
    }

    /** The true drop is what is just allowed: passing is wrong then, and may happen in 1 − confidence of the cases. */
    @Test
    void rarelyPassesATrueDropAtTheLimit() {
        SplittableRandom random = new SplittableRandom(11);
        GateSettings settings = new GateSettings(0.02, 1, 0.95, 100, 0);
        int passes = 0;
        int runs = 4000;
        for (int run = 0; run < runs; run++) {
            int won = 0;
            int lost = 0;
            for (int i = 0; i < 600; i++) {
                double u = random.nextDouble();
                won += u < 0.04 ? 1 : 0;
                lost += u >= 0.04 && u < 0.10 ? 1 : 0; // 4% won, 6% lost: a drop of 2 points
            }
            passes += RolloutGate.decide(settings, of(600, won, lost), NONE, ENOUGH).outcome() == Outcome.PASS ? 1 : 0;
        }
        assertTrue(passes <= 0.065 * runs, "false passes: " + passes + " of " + runs);
        assertTrue(passes >= 0.02 * runs, "the bound is far too cautious: " + passes + " of " + runs);
    }

    private static PairedOutcomes of(int images, int won, int lost) {
        int both = (images - won - lost) / 2;
        return new PairedOutcomes(both, won, lost, images - won - lost - both);
    }
}
