package dev.promptgate.evaluator.report;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.promptgate.evaluator.evidence.ComparedImages;
import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.evaluator.gate.GateEvent;
import dev.promptgate.evaluator.gate.GateEvent.Judgement;
import dev.promptgate.evaluator.gate.GateSnapshot.Prequential;
import dev.promptgate.evaluator.gate.GateState;
import dev.promptgate.evaluator.gate.StateCodec;
import dev.promptgate.evaluator.gate.TrackRecord;
import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.accuracy.ProtocolOutcomes;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.learning.calibration.Calibration;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.PairedTest;
import dev.promptgate.learning.suspect.Suspect;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.report.AnswerDetail;
import dev.promptgate.messaging.report.CalibrationFigures;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter.ContinualFigures;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.GateDemands;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Ruling;
import dev.promptgate.messaging.report.PairedFigures;
import dev.promptgate.messaging.report.SuspectedLabels;
import dev.promptgate.messaging.report.SuspectedLabels.SuspectedImage;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the evaluator knows, as the parts of reports. Pure functions. */
final class ReportFigures {
    /** With a thousand classes the whole table is too much for every measurement; changes of the live prompt carry it. */
    private static final int MOST_FORGOTTEN = 20;

    private ReportFigures() {}

    static Ruling ruling(Judgement judgement, boolean isFinal) {
        return new Ruling(judgement.candidate().version(), judgement.candidate().offset(), judgement.candidate().tests(),
                Answer.valueOf(judgement.verdict().outcome().name()), isFinal, judgement.verdict().reason(),
                judgement.verdict().tests().stream().map(ReportFigures::test).toList());
    }

    private static PairedFigures test(PairedTest test) {
        return new PairedFigures(test.against(), test.protocol(), pairs(test.pairs()), test.allowedDrop(), test.alpha(), test.lossPValue(),
                test.lowerBound());
    }

    private static PairedFigures.Pairs pairs(PairedOutcomes pairs) {
        return new PairedFigures.Pairs(pairs.bothRight(), pairs.onlyCandidateRight(), pairs.onlyLiveRight(), pairs.bothWrong());
    }

    static GateDemands demands(GateSettings settings) {
        return new GateDemands(settings.maxSeenDrop(), settings.maxUnseenDrop(), settings.confidence(), settings.minImages(),
                settings.minImagesPerClass(), settings.minUnseenImages(),
                settings.demandsCalibration() ? settings.maxEceIncrease() : null);
    }

    /** Every prompt compared on the images before the horizon, an offset in image-features. */
    static ComparedPrompts compared(Comparison comparison, long horizon) {
        Map<Role, ComparedPrompts.AccuracyFigures> accuracies = new EnumMap<>(Role.class);
        comparison.outcomes().forEach((role, outcomes) -> accuracies.put(role, accuracies(outcomes.accuracies())));
        boolean hasCandidate = accuracies.containsKey(Role.CANDIDATE);
        ProtocolOutcomes live = comparison.outcomes().get(Role.LIVE);
        ComparedPrompts.ComparedOn space = new ComparedPrompts.ComparedOn(live.seen().length, live.unseen().length,
                comparison.space().seen(), comparison.space().classes().size() - comparison.space().seen(), horizon);
        Map<Role, CalibrationFigures> calibrations = new EnumMap<>(Role.class);
        comparison.calibrations().forEach((role, calibration) -> calibrations.put(role, calibration(calibration)));
        return new ComparedPrompts(accuracies, space, hasCandidate ? Optional.of(pairs(comparison.jointAgainstLive())) : Optional.empty(),
                calibrations, AnswerDetail.cut(hasCandidate ? Optional.of(comparison.changes()) : Optional.empty(),
                        comparison.classes(Role.LIVE)));
    }

    private static ComparedPrompts.AccuracyFigures accuracies(Accuracies a) {
        return new ComparedPrompts.AccuracyFigures(a.seen(), a.unseen(), a.harmonicMean(), a.joint());
    }

    private static CalibrationFigures calibration(Calibration c) {
        Calibration.Abstention abstention = c.abstention();
        List<CalibrationFigures.CoverageRow> rows = c.coverage().byTenths().stream()
                .map(point -> new CalibrationFigures.CoverageRow(point.coverage(), point.accuracy())).toList();
        return new CalibrationFigures(c.images(), c.temperature(), errors(c.uncalibrated()), errors(c.calibrated()),
                new CalibrationFigures.Selective(abstention.targetError(), abstention.threshold(), abstention.coverage(),
                        abstention.error(), c.coverage().area(), rows),
                new CalibrationFigures.Unseen(c.unseen().images(), c.unseen().auroc(), c.unseen().fpr95()));
    }

    private static CalibrationFigures.Errors errors(Calibration.Errors errors) {
        return new CalibrationFigures.Errors(errors.ece(), errors.nll());
    }

    static MeasurementReport.Prequential prequential(Prequential prequential) {
        return new MeasurementReport.Prequential(prequential.images(), prequential.accuracy(), prequential.zeroShotAccuracy());
    }

    /** Suspects are places in the space. */
    static SuspectedLabels suspects(ComparedImages space, List<Suspect> suspects) {
        return SuspectedLabels.cut(suspects.stream().map(suspect -> {
            ImageFeature image = space.entries().get(suspect.image()).image();
            return new SuspectedImage(image.imageId(), image.label(), space.classes().get(suspect.suggested()),
                    suspect.selfConfidence(), suspect.probability(), image.source().partition(), image.source().offset());
        }).toList());
    }

    /** The figures of continual learning, beside them the same of the hand-written prompt. */
    private static ContinualFigures continual(TrackRecord record) {
        Map<String, Double> forgotten = new LinkedHashMap<>();
        record.live().histories().entrySet().stream().filter(e -> !Double.isNaN(e.getValue().forgetting()))
                .sorted(Comparator.comparingDouble((Map.Entry<String, WaveAccuracies.History> e) -> -e.getValue().forgetting())
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST_FORGOTTEN).forEach(e -> forgotten.put(e.getKey(), e.getValue().forgetting()));
        return new ContinualFigures(waves(record.live().figures()), waves(record.handWritten().figures()), forgotten);
    }

    private static ContinualFigures.Waves waves(WaveAccuracies.Figures figures) {
        return new ContinualFigures.Waves(figures.waves(), figures.averageAccuracy(), figures.meanForgetting(),
                figures.backwardTransfer());
    }

    /**
     * How the gate stands after an event: with the figures of continual learning after a measurement, and with the table of waves, too,
     * after a change of the live prompt.
     */
    static GateAfter after(GateEvent event, GateState state) {
        boolean isChange = event instanceof GateEvent.RolledOut || event instanceof GateEvent.RolledBack
                || event instanceof GateEvent.Repaired;
        return new GateAfter(isChange ? StateCodec.encode(state.record().waves()) : MissingNode.getInstance(),
                isChange || event instanceof GateEvent.Measured ? Optional.of(continual(state.record())) : Optional.empty(),
                state.brake().isPaused(), state.brake().coolDownUntil(), StateCodec.encode(state.snapshot()));
    }
}
