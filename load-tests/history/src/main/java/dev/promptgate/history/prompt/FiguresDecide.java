package dev.promptgate.history.prompt;

import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.PairedTest;
import dev.promptgate.learning.gate.RolloutGate;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.messaging.report.AnswerDetail;
import dev.promptgate.messaging.report.CalibrationFigures;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.GateDemands;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Ruling;
import dev.promptgate.messaging.report.PairedFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Each verdict follows from the counts in its own report: {@link RolloutGate} comes to the same error probabilities, p-values, bounds and
 * outcome. Reports whose table of classes was cut do not say how many images the rarest class has; of these only the tests are checked.
 */
public final class FiguresDecide implements Invariant {
    private final Violations violations = new Violations("verdicts-follow-from-figures");

    @Override
    public void report(Place place, EvaluationReport report) {
        if (report instanceof VerdictReport verdict && verdict.comparison().isPresent() && verdict.demands().isPresent()
                && verdict.ruling().look() != null && verdict.ruling().tests().size() > 1) { // those of older evaluators say less
            violations.checked();
            check(place, verdict, verdict.comparison().get());
        }
    }

    @Override
    public Finding finish() {
        return violations.finding();
    }

    private void check(Place place, VerdictReport report, ComparedPrompts compared) {
        Ruling ruling = report.ruling();
        Verdict verdict = decide(report, compared, Math.max(1, ruling.look()));
        if (!verdict.isTested()) { // such a look is not counted, so the next one has its share of the error budget
            verdict = decide(report, compared, ruling.look() + 1);
        }
        List<PairedFigures> tests = verdict.tests().stream().map(FiguresDecide::figures).toList();
        for (int i = 0; i < Math.max(tests.size(), ruling.tests().size()); i++) {
            PairedFigures expected = i < tests.size() ? tests.get(i) : null;
            PairedFigures found = i < ruling.tests().size() ? ruling.tests().get(i) : null;
            if (!Objects.equals(expected, found)) {
                violations.add("%s (version %d) says %s, but its counts give %s", place, ruling.candidateVersion(), found, expected);
                return;
            }
        }
        if (!isCut(compared) && !verdict.outcome().name().equals(ruling.outcome().name())) {
            violations.add("%s (version %d) says %s, but its figures give %s", place, ruling.candidateVersion(), ruling.outcome(),
                    verdict.outcome());
        }
    }

    private static Verdict decide(VerdictReport report, ComparedPrompts compared, int look) {
        GateDemands demands = report.demands().orElseThrow();
        GateSettings settings = new GateSettings(demands.maxSeenDrop(), demands.maxUnseenDrop(), demands.confidence(), demands.minImages(),
                demands.minImagesPerClass(), demands.minUnseenImages(), demands.maxEceIncrease() == null ? 1 : demands.maxEceIncrease());
        return RolloutGate.withCalibration(settings,
                RolloutGate.decide(settings, evidence(report.ruling().tests()), fewestPerSeenClass(compared), look),
                ece(compared, Role.LIVE), ece(compared, Role.CANDIDATE));
    }

    /** Tests come in pairs: of one other prompt those of the seen classes, then those of the unseen. */
    private static List<GateEvidence> evidence(List<PairedFigures> tests) {
        List<GateEvidence> evidence = new ArrayList<>();
        for (int i = 0; i + 1 < tests.size(); i += 2) {
            evidence.add(new GateEvidence(tests.get(i).against(), pairs(tests.get(i)), pairs(tests.get(i + 1))));
        }
        return evidence;
    }

    private static PairedOutcomes pairs(PairedFigures figures) {
        PairedFigures.Pairs pairs = figures.pairs();
        return new PairedOutcomes(pairs.bothRight(), pairs.onlyCandidateRight(), pairs.onlyOtherRight(), pairs.bothWrong());
    }

    private static PairedFigures figures(PairedTest test) {
        PairedOutcomes pairs = test.pairs();
        return new PairedFigures(test.against(), test.protocol(),
                new PairedFigures.Pairs(pairs.bothRight(), pairs.onlyCandidateRight(), pairs.onlyLiveRight(), pairs.bothWrong()),
                test.allowedDrop(), test.alpha(), test.lossPValue(), test.lowerBound());
    }

    /** Of the classes trained on, those without images included. */
    private static int fewestPerSeenClass(ComparedPrompts compared) {
        List<Integer> images = compared.detail().classes().stream().flatMap(table -> table.perClass().stream())
                .filter(AnswerDetail.ClassRow::isSeen).map(AnswerDetail.ClassRow::total).toList();
        return images.size() < compared.space().seenClasses() ? 0 : images.stream().mapToInt(Integer::intValue).min().orElse(0);
    }

    private static boolean isCut(ComparedPrompts compared) {
        return compared.detail().classes().isEmpty() || compared.detail().cut().contains(AnswerDetail.Part.PER_CLASS);
    }

    private static double ece(ComparedPrompts compared, Role role) {
        return compared.calibration(role).map(CalibrationFigures::calibrated).map(CalibrationFigures.Errors::ece).orElse(Double.NaN);
    }
}
