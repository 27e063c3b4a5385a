package dev.promptgate.learning.gate;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;

import dev.promptgate.learning.gate.Verdict.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** What must hold of the gate whatever the counts. */
class GatePropertiesTest {
    private static final Gen<PairedOutcomes> PAIRS = integers().between(0, 900).zip(integers().between(0, 120), integers().between(0, 120),
            integers().between(0, 300),
            (both, won, lost, none) -> new PairedOutcomes(both, won, lost, none));
    private static final Gen<Double> ALPHAS = doubles().between(0.0005, 0.4);

    @Test
    void aBoundIsAFractionAndGrowsWithAlpha() {
        qt().forAll(PAIRS, ALPHAS, ALPHAS).check((pairs, a, b) -> {
            double lower = PairedBootstrap.lowerBound(pairs, Math.min(a, b));
            double upper = PairedBootstrap.lowerBound(pairs, Math.max(a, b));
            return lower >= -1 && upper <= 1 && lower <= upper;
        });
    }

    @Test
    void aPValueIsAProbabilityAndFallsWithEveryLoss() {
        qt().forAll(PAIRS).check(pairs -> {
            double p = PairedTest.lossPValue(pairs);
            double worse = PairedTest.lossPValue(
                    new PairedOutcomes(pairs.bothRight(), pairs.onlyCandidateRight(), pairs.onlyLiveRight() + 1, pairs.bothWrong()));
            return p >= 0 && p <= 1 + 1e-12 && worse <= p + 1e-12;
        });
    }

    @Test
    void oneMoreImageWonNeverMakesAVerdictWorse() {
        qt().forAll(PAIRS, PAIRS).checkAssert((seen, unseen) -> {
            Outcome before = decide(seen, unseen, GateSettings.DEFAULT);
            Outcome after = decide(new PairedOutcomes(seen.bothRight(), seen.onlyCandidateRight() + 1, seen.onlyLiveRight(),
                    Math.max(0, seen.bothWrong() - 1)), unseen, GateSettings.DEFAULT);
            assertTrue(rank(after) >= rank(before), before + " became " + after + " [seen: " + seen + ", unseen: " + unseen + "]");
        });
    }

    @Test
    void aLargerAllowanceNeverMakesAVerdictWorse() {
        qt().forAll(PAIRS, PAIRS, doubles().between(0, 0.2), doubles().between(0, 0.2)).check((seen, unseen, a,
                b) -> rank(decide(seen, unseen, settings(Math.max(a, b)))) >= rank(decide(seen, unseen, settings(Math.min(a, b)))));
    }

    @Test
    void aPromptThatLosesNothingIsNeverFailed() {
        qt().forAll(PAIRS, PAIRS)
                .check((seen, unseen) -> decide(lossless(seen), lossless(unseen), GateSettings.DEFAULT) != Outcome.FAIL);
    }

    @Test
    void whatPassesAgainstTwoPromptsPassesAgainstEach() {
        qt().forAll(PAIRS, PAIRS).check((live, best) -> {
            PairedOutcomes none = new PairedOutcomes(0, 0, 0, 0);
            Outcome both = RolloutGate.decide(GateSettings.DEFAULT,
                    List.of(new GateEvidence("live", live, none), new GateEvidence("best", best, none)), 9, 1).outcome();
            return both != Outcome.PASS || decide(live, none, GateSettings.DEFAULT) == Outcome.PASS
                    && (best.images() == 0 || PairedTest.of("best", "seen", best,
                            GateSettings.DEFAULT.maxSeenDrop(), ErrorBudget.atLook(0.05, 1)).holds());
        });
    }

    private static PairedOutcomes lossless(PairedOutcomes pairs) {
        return new PairedOutcomes(pairs.bothRight(), pairs.onlyCandidateRight(), 0, pairs.bothWrong());
    }

    private static GateSettings settings(double allowed) {
        return new GateSettings(allowed, allowed, 0.95, 1, 0, 1, 1);
    }

    private static Outcome decide(PairedOutcomes seen, PairedOutcomes unseen, GateSettings settings) {
        return RolloutGate.decide(settings, List.of(new GateEvidence("live", seen, unseen)), 9, 1).outcome();
    }

    private static int rank(Outcome outcome) {
        return outcome == Outcome.PASS ? 2 : outcome == Outcome.INCONCLUSIVE ? 1 : 0;
    }
}
