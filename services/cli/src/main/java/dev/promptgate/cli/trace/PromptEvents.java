package dev.promptgate.cli.trace;

import dev.promptgate.cli.trace.PromptHistory.FeatureRecord;
import dev.promptgate.cli.trace.PromptHistory.Reported;
import dev.promptgate.cli.trace.PromptHistory.Version;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an image's feature did: the prompts that it was there to train, or to judge. Which of a class's images are among its shots is known
 * to the learner alone, so a candidate is said to have had the image to choose from.
 */
final class PromptEvents {
    private final PromptHistory history;
    private final List<TraceEvent> events = new ArrayList<>();
    private String state = "";

    PromptEvents(PromptHistory history) {
        this.history = history;
    }

    /** Adds those of one feature record; the state is then that of this record. */
    void add(FeatureRecord image) {
        ImageFeature feature = image.feature().orElseThrow();
        if (feature.split() == Split.TRAIN) {
            trained(image, Quoted.of(feature.label()));
        } else {
            judges(image, feature.split().wireName());
        }
    }

    private void trained(FeatureRecord image, String label) {
        List<Version> covering = history.covering(image);
        if (covering.isEmpty()) {
            state = ("encoded for training; no candidate has been learned on \"%s\" with it yet (a class needs learner.min-shots "
                    + "images and must not be retired, and an update waits for learner.settle-time)").formatted(label);
            return;
        }
        Version first = covering.get(0);
        Set<Long> versions = covering.stream().map(Version::number).collect(Collectors.toSet());
        int later = covering.size() - 1;
        events.add(TraceEvent.of(TraceEvent.Stage.TRAINED, first.record(),
                "version %d is the first that was learned on \"%s\" with this image to choose from%s".formatted(first.number(), label,
                        later == 0 ? "" : "; %d later ones were, too".formatted(later)),
                TraceEvent.details("version", first.number(), "horizon", first.horizon(), "later_versions", later)));
        List<Reported<EvaluationReport>> verdicts = history.verdictsOn(first);
        Optional<Reported<EvaluationReport>> rollout = history.firstRolloutOf(versions);
        Set<Reported<EvaluationReport>> told = new LinkedHashSet<>(verdicts);
        rollout.ifPresent(told::add);
        told.forEach(this::verdict);
        history.firstLiveOf(versions).ifPresent(live -> events.add(TraceEvent
                .of(TraceEvent.Stage.LIVE, live.record(), "version %d in prompt-rollouts".formatted(live.number()),
                        TraceEvent.details("version", live.number()))
                .notBefore(rollout.map(report -> report.record().timestamp()).orElse(0L))));
        history.endsOf(versions).forEach(this::rollback);
        state = state(versions, first, verdicts, rollout);
    }

    private String state(Set<Long> versions, Version first, List<Reported<EvaluationReport>> verdicts,
            Optional<Reported<EvaluationReport>> rollout) {
        long live = history.liveVersion();
        if (versions.contains(live)) {
            return "live: version %d, which was learned with it to choose from".formatted(live);
        }
        if (rollout.isPresent()) {
            return "was live in version %d; live now is version %d, which was learned without it".formatted(rollout.get().judgedVersion(),
                    live);
        }
        return verdicts.isEmpty()
                ? "learned into version %d, which waits for its verdict; live is version %d".formatted(first.number(), live)
                : "learned into version %d, which is not live (%s); live is version %d".formatted(first.number(),
                        outcome(verdicts.get(verdicts.size() - 1).report()), live);
    }

    private void verdict(Reported<EvaluationReport> judged) {
        EvaluationReport report = judged.report();
        String what = report instanceof RefusalReport ? "the candidate was refused: %s".formatted(report.reason())
                : "version %d against live %d: %s%s: %s".formatted(judged.judgedVersion(), report.head().liveVersion(), outcome(report),
                        judged.isRollout() ? ", rolled out" : "", report.reason());
        events.add(TraceEvent.of(TraceEvent.Stage.VERDICT, judged.record(), what, TraceEvent.details("version", judged.judgedVersion(),
                "outcome", outcome(report), "rolled_out", judged.isRollout(), "reason", report.reason())));
    }

    private void rollback(Reported<ReplacementReport> ended) {
        ReplacementReport.Replacement replacement = ended.report().replacement();
        events.add(TraceEvent.of(TraceEvent.Stage.ROLLED_BACK, ended.record(),
                "from version %d to %d: %s".formatted(replacement.from(), replacement.to(), replacement.reason()),
                TraceEvent.details("from", replacement.from(), "to", replacement.to(), "reason", replacement.reason())));
    }

    private static String outcome(EvaluationReport report) {
        if (report instanceof RefusalReport refusal) {
            return "refused, " + refusal.refused().code();
        }
        VerdictReport verdict = (VerdictReport) report;
        String held = verdict.rollout().heldBy();
        return verdict.ruling().outcome().wireName() + (held.isEmpty() ? "" : ", held by " + held);
    }

    private void judges(FeatureRecord image, String split) {
        List<Reported<EvaluationReport>> judged = history.judgedWith(image);
        if (judged.isEmpty()) {
            state = "encoded to judge (%s); no candidate has been judged since".formatted(split);
            return;
        }
        int later = judged.size() - 1;
        state = "judges (%s): it counted in %d verdict%s, of each class the newest images".formatted(split, judged.size(),
                later == 0 ? "" : "s");
        Reported<EvaluationReport> first = judged.get(0);
        events.add(TraceEvent.of(TraceEvent.Stage.JUDGED_BY, first.record(),
                "the verdict on version %d (%s) is the first with it among the images%s".formatted(first.judgedVersion(),
                        outcome(first.report()), later == 0 ? "" : "; %d later ones had it, too".formatted(later)),
                TraceEvent.details("version", first.judgedVersion(), "outcome", outcome(first.report()), "later_verdicts", later)));
    }

    List<TraceEvent> events() {
        return events;
    }

    /** What became of the image by its last record. */
    String state() {
        return state;
    }
}
