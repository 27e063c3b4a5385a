package dev.promptgate.history.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.promptgate.clip.text.Context;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.PairedTest;
import dev.promptgate.learning.gate.RolloutGate;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.report.AnswerDetail;
import dev.promptgate.messaging.report.AnswerDetail.ClassRow;
import dev.promptgate.messaging.report.AnswerDetail.ClassTable;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter;
import dev.promptgate.messaging.report.EvaluationReport.Head;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.GateDemands;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Rollout;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Ruling;
import dev.promptgate.messaging.report.PairedFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Hand-made histories of candidates, verdicts and rollouts: one that is as it must be, and others that differ in one fault. */
class PromptsTest {
    private static final PairedOutcomes BETTER = new PairedOutcomes(190, 10, 0, 0);
    private static final PairedOutcomes WORSE = new PairedOutcomes(150, 0, 50, 0);
    private static final PairedOutcomes NO_IMAGES = new PairedOutcomes(0, 0, 0, 0);

    /** Versions 1 and 3 pass and are rolled out, 2 fails. */
    private static final class History {
        final List<Prompt> candidates = new ArrayList<>(List.of(prompt(1, 1), prompt(2, 2), prompt(3, 3)));
        final List<EvaluationReport> reports = new ArrayList<>(
                List.of(verdict(1, BETTER, 1, true), verdict(2, WORSE, 1, false), verdict(3, BETTER, 1, true)));
        final List<Optional<Prompt>> rollouts = new ArrayList<>(List.of(Optional.of(prompt(1, 1)), Optional.of(prompt(3, 3))));

        List<String> broken() {
            return List.<Invariant>of(new VersionsGrow(), new LiveWasJudged(), new LiveWasNotRefused(), new FiguresDecide()).stream()
                    .map(invariant -> {
                        for (int i = 0; i < rollouts.size(); i++) {
                            invariant.rollout(new Place("prompt-rollouts", 0, i), rollouts.get(i));
                        }
                        for (int i = 0; i < reports.size(); i++) {
                            invariant.report(new Place("evaluation-reports", 0, i), reports.get(i));
                        }
                        for (int i = 0; i < candidates.size(); i++) {
                            invariant.candidate(new Place("prompt-candidates", 0, i), candidates.get(i));
                        }
                        return invariant.finish();
                    }).filter(finding -> !finding.holds())
                    .map(finding -> finding.invariant() + ": " + String.join("; ", finding.examples())).toList();
        }
    }

    static Prompt prompt(long version, float value) {
        return new Prompt(new Context(1, 2, new float[] {value, 2}), new PromptMetadata("default", version, version - 1, "model", 0,
                new PromptMetadata.Origin(List.of("apple", "pear"), "a", Map.of(), Map.of(0, 9L), Map.of()), Map.of()));
    }

    static VerdictReport rolledOut(long version) {
        return verdict(version, BETTER, 1, true);
    }

    /** As the gate decides of 200 images of two classes. */
    private static VerdictReport verdict(long version, PairedOutcomes pairs, int look, boolean isRolledOut) {
        Verdict verdict = RolloutGate.decide(GateSettings.DEFAULT, List.of(new GateEvidence("live", pairs, NO_IMAGES)), 100, look);
        ComparedPrompts compared = new ComparedPrompts(Map.of(), new ComparedPrompts.ComparedOn(200, 0, 2, 0, 9), Optional.empty(),
                Map.of(), new AnswerDetail(Optional.empty(), Optional.of(new ClassTable(
                        List.of(new ClassRow("apple", true, 1, 100), new ClassRow("pear", true, 1, 100)), List.of())), Set.of()));
        GateSettings settings = GateSettings.DEFAULT;
        return new VerdictReport(new Head("default", 1, version - 1),
                new Ruling(version, version - 1, look, Answer.valueOf(verdict.outcome().name()), true, verdict.reason(),
                        verdict.tests().stream().map(PromptsTest::figures).toList()),
                Optional.of(compared),
                Optional.of(new GateDemands(settings.maxSeenDrop(), settings.maxUnseenDrop(), settings.confidence(), settings.minImages(),
                        settings.minImagesPerClass(), settings.minUnseenImages(), null)),
                isRolledOut ? Rollout.DONE : Rollout.NONE,
                new GateAfter(MissingNode.getInstance(), Optional.empty(), false, 0, MissingNode.getInstance()));
    }

    private static PairedFigures figures(PairedTest test) {
        PairedOutcomes pairs = test.pairs();
        return new PairedFigures(test.against(), test.protocol(),
                new PairedFigures.Pairs(pairs.bothRight(), pairs.onlyCandidateRight(), pairs.onlyLiveRight(), pairs.bothWrong()),
                test.allowedDrop(), test.alpha(), test.lossPValue(), test.lowerBound());
    }

    private static VerdictReport with(VerdictReport report, Answer outcome, List<PairedFigures> tests, boolean isRolledOut) {
        Ruling ruling = report.ruling();
        return new VerdictReport(report.head(), new Ruling(ruling.candidateVersion(), ruling.candidateOffset(), ruling.look(), outcome,
                true, ruling.reason(), tests), report.comparison(), report.demands(), isRolledOut ? Rollout.DONE : Rollout.NONE,
                report.after());
    }

    private static void assertBroken(String expected, Consumer<History> fault) {
        History history = new History();
        fault.accept(history);
        List<String> broken = history.broken();
        assertEquals(1, broken.size(), broken.toString());
        assertTrue(broken.get(0).startsWith(expected), broken.toString());
    }

    @Test
    void aHistoryWithoutFaultIsClean() {
        assertEquals(List.of(), new History().broken());
    }

    @Test
    void aLaterLookHasItsShareOfTheErrorBudget() {
        History history = new History();
        history.reports.add(verdict(4, WORSE, 3, false));
        history.candidates.add(prompt(4, 4));
        assertEquals(List.of(), history.broken());
    }

    @Test
    void aVersionThatComesAgainIsNamed() {
        assertBroken("versions-grow: prompt-candidates-0@3 has version 3 behind 3", history -> history.candidates.add(prompt(3, 3)));
    }

    @Test
    void aVersionThatLeapsIsNamedAndNoneBehindIt() {
        assertBroken("versions-grow: prompt-candidates-0@0 has version 9007199254740992, which leaps", history -> {
            history.candidates.add(0, prompt(1L << 53, 9));
            history.reports.clear();
            history.rollouts.clear();
        });
    }

    /** The candidate at another offset was refused. */
    @Test
    void theContextOfAVersionIsThatOfTheCandidateWhichWasJudged() {
        History history = new History();
        history.candidates.set(1, prompt(3, 7));
        assertEquals(List.of("versions-grow: prompt-candidates-0@2 has version 3 behind 3"), history.broken());
    }

    @Test
    void aLivePromptWithoutVerdictIsNamed() {
        assertBroken("live-was-judged: prompt-rollouts-0@1 makes version 3 live, which no report judges",
                history -> history.reports.remove(2));
        assertBroken("live-was-judged: prompt-rollouts-0@2 goes back to the hand-written prompt",
                history -> history.rollouts.add(Optional.empty()));
    }

    @Test
    void anotherContextThanTheJudgedOneIsNamed() {
        assertBroken("live-was-judged: prompt-rollouts-0@1 makes version 3 live with another context",
                history -> history.rollouts.set(1, Optional.of(prompt(3, 7))));
    }

    @Test
    void aRefusedPromptThatIsLiveIsNamed() {
        assertBroken("live-was-not-refused: prompt-rollouts-0@2 makes version 2 live, which evaluation-reports-0@1 (FAIL) did not let out",
                history -> history.rollouts.add(Optional.of(prompt(2, 2))));
        assertBroken("live-was-not-refused: evaluation-reports-0@1 rolls out version 2 with the outcome FAIL", history -> {
            VerdictReport failed = (VerdictReport) history.reports.get(1);
            history.reports.set(1, with(failed, Answer.FAIL, failed.ruling().tests(), true));
        });
    }

    @Test
    void anOutcomeThatDoesNotFollowFromItsFiguresIsNamed() {
        assertBroken("verdicts-follow-from-figures: evaluation-reports-0@1 (version 2) says PASS, but its figures give FAIL", history -> {
            VerdictReport failed = (VerdictReport) history.reports.get(1);
            history.reports.set(1, with(failed, Answer.PASS, failed.ruling().tests(), true));
        });
    }

    @Test
    void countsThatAnotherFigureContradictsAreNamed() {
        assertBroken("verdicts-follow-from-figures: evaluation-reports-0@1 (version 2)", history -> {
            VerdictReport failed = (VerdictReport) history.reports.get(1);
            List<PairedFigures> tests = new ArrayList<>(failed.ruling().tests());
            PairedFigures seen = tests.get(0);
            tests.set(0, new PairedFigures("live", "seen", new PairedFigures.Pairs(150, 0, 40, 10), seen.allowedDrop(), seen.alpha(),
                    seen.lossPValue(), seen.lowerBound()));
            history.reports.set(1, with(failed, Answer.FAIL, tests, false));
        });
    }
}
