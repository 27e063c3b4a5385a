package dev.promptgate.evaluator.report;

import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.evaluator.gate.GateEvent;
import dev.promptgate.evaluator.gate.GateEvent.Judged;
import dev.promptgate.evaluator.gate.GateEvent.Judgement;
import dev.promptgate.evaluator.gate.GateState;
import dev.promptgate.evaluator.gate.PromptWatch;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.CommandReport;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter;
import dev.promptgate.messaging.report.EvaluationReport.Head;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Cause;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Replacement;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Rollout;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Ruling;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the world of what happened at the gate: each event becomes its line in the log, its meters, its report and the change of the live
 * prompt, once and here alone. Blocking. Not thread-safe.
 */
public record Announcer(String prompt, GateSettings demands, EvaluatorMeters meters, ReportWriter writer, LongSupplier now) {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /**
     * Tells of an event, by the state after it, the version live before it and the time that it took to decide; {@link #publish} writes
     * what belongs together.
     */
    public void tell(GateEvent event, GateState state, long live, long nanos) {
        if (event instanceof Judged judged) {
            compared(judged.judgement().comparison(), nanos, Role.CANDIDATE);
        } else if (event instanceof GateEvent.Measured measured) {
            compared(measured.comparison(), nanos, Role.LIVE, Role.ZERO_SHOT);
            meters.suspectedLabels(measured.suspects().size());
        }
        if (event instanceof GateEvent.ClockSetBack back) {
            LOG.warn("A clock was ahead, of this machine or of a broker, and was set back: cool-downs and deadlines run from now "
                    + "[before: {}, now: {}]", Instant.ofEpochMilli(back.from()), Instant.ofEpochMilli(back.to()));
            meters.count(EvaluatorMeters.CLOCK_SET_BACK);
        }
        if (event.isReported()) {
            writer.add(report(event, state, new Head(prompt, now.getAsLong(), live), ReportFigures.after(event, state)));
        }
    }

    private void compared(Comparison comparison, long nanos, Role... prompts) {
        meters.compared(comparison::accuracies, nanos, prompts);
        List.of(prompts).forEach(prompt -> meters.calibrated(prompt, comparison.calibration(prompt)));
    }

    /** Logs and counts a reported event, and has the change of the live prompt written if it is one. */
    private EvaluationReport report(GateEvent event, GateState state, Head head, GateAfter after) {
        long live = head.liveVersion();
        if (event instanceof Judged judged) {
            return judged(judged, state, head, after);
        } else if (event instanceof GateEvent.Settled settled) {
            Candidate candidate = settled.candidate();
            log(candidate, live, settled.outcome().toString(), settled.reason());
            meters.count(EvaluatorMeters.VERDICTS, settled.outcome());
            return new VerdictReport(head, new Ruling(candidate.version(), candidate.offset(), candidate.tests(),
                    Answer.valueOf(settled.outcome().name()), true, settled.reason(), List.of()), after);
        } else if (event instanceof GateEvent.Refused refused) {
            LOG.warn("A candidate is refused: {} [offset: {}]", refused.message(), refused.offset());
            meters.count(EvaluatorMeters.REFUSALS, refused.why());
            return new RefusalReport(head, new RefusalReport.Refused(refused.offset(), refused.why().wireName(), refused.message()), after);
        } else if (event instanceof GateEvent.RolledBack rollback) {
            return rolledBack(rollback, state, head, after);
        } else if (event instanceof GateEvent.Alarmed alarm) {
            LOG.warn("Live {} should go, but the gate is paused: {}", live, alarm.reason());
            return replaced(Kind.ALARM, head, new Replacement(Cause.WATCH, alarm.from(), alarm.to(), alarm.reason()), after);
        } else if (event instanceof GateEvent.Repaired repair) {
            LOG.warn("{}", repair.reason());
            meters.count(EvaluatorMeters.REPAIRS);
            writer.add(repair.live(), state.rollouts());
            return replaced(Kind.REPAIR, head, new Replacement(Cause.REPAIR, live, live, repair.reason()), after);
        } else if (event instanceof GateEvent.CommandDone done) {
            return commanded(done, head, after);
        }
        GateEvent.Measured measured = (GateEvent.Measured) event;
        showLive(state);
        return new MeasurementReport(head, Optional.of(ReportFigures.compared(measured.comparison(), measured.position())),
                ReportFigures.prequential(state.prequential()),
                Optional.of(ReportFigures.suspects(measured.comparison().space(), measured.suspects())), after);
    }

    private EvaluationReport judged(Judged event, GateState state, Head head, GateAfter after) {
        Judgement judgement = event.judgement();
        boolean isFinal = event instanceof GateEvent.Failed || event instanceof GateEvent.RolledOut;
        Rollout rollout = Rollout.NONE;
        String more = "";
        if (event instanceof GateEvent.Undecided) {
            more = ", waits for more images";
        } else if (event instanceof GateEvent.HeldBack held) {
            more = ", held back: " + held.by();
            rollout = new Rollout(false, held.by());
        } else if (event instanceof GateEvent.RolledOut rolledOut) {
            meters.rolledOut(rolledOut.prompt().metadata(), now.getAsLong());
            showLive(state);
            writer.add(rolledOut.prompt(), state.rollouts());
            rollout = Rollout.DONE;
        }
        log(judgement.candidate(), head.liveVersion(), judgement.verdict().outcome() + more, judgement.verdict().reason());
        if (isFinal) {
            meters.count(EvaluatorMeters.VERDICTS, judgement.verdict().outcome());
        }
        return new VerdictReport(head, ReportFigures.ruling(judgement, isFinal),
                Optional.of(ReportFigures.compared(judgement.comparison(), judgement.candidate().horizon())),
                Optional.of(ReportFigures.demands(demands)), rollout, after);
    }

    private static void log(Candidate candidate, long live, String outcome, String reason) {
        LOG.info("Candidate {} against live {}: {}: {}", candidate.version(), live, outcome, reason);
    }

    private EvaluationReport rolledBack(GateEvent.RolledBack event, GateState state, Head head, GateAfter after) {
        long to = event.to().version();
        LOG.warn("Rolls back from version {} to {} ({}): {}", event.from(), to, event.cause().wireName(), event.reason());
        event.command().ifPresent(command -> meters.command(true));
        meters.count(EvaluatorMeters.ROLLBACKS, event.cause());
        meters.live(to, now.getAsLong());
        showLive(state);
        Map<String, String> figures = new TreeMap<>(
                Map.of("outcome", "rollback", "reason", event.reason(), "replaced_version", Long.toString(event.from())));
        event.to().metadata().calibration().putInto(figures);
        writer.add(new Prompt(event.to().context(), event.to().metadata().withVerdict(figures)), state.rollouts());
        return new ReplacementReport(Kind.ROLLBACK, head,
                event.command().map(command -> CommandReport.Answer.to(command, true, event.reason())),
                new Replacement(event.cause(), event.from(), to, event.reason()), after);
    }

    private static EvaluationReport replaced(Kind kind, Head head, Replacement replacement, GateAfter after) {
        return new ReplacementReport(kind, head, Optional.empty(), replacement, after);
    }

    private EvaluationReport commanded(GateEvent.CommandDone event, Head head, GateAfter after) {
        GateCommand command = event.command();
        if (event.isAccepted()) {
            LOG.warn("Operator's {}: {} [by: {}, reason: {}]", command.action(), event.reason(), Quoted.of(command.by()),
                    Quoted.of(command.reason()));
        } else {
            LOG.warn("A command is refused: {} [by: {}]", event.reason(), Quoted.of(command.by()));
        }
        meters.command(event.isAccepted());
        return new CommandReport(head, CommandReport.Answer.to(command, event.isAccepted(), event.reason()), after);
    }

    /** Writes what was told since the last time, in one transaction. */
    public void publish(GateState state) {
        writer.write(state.progress().position(), state.reports());
    }

    public void resumed(GateState state) {
        meters.live(state.prompts().live().version(), state.liveSince());
        meters.knownClasses(state.record().live().histories().keySet());
        showLive(state);
        show(state);
    }

    private void showLive(GateState state) {
        meters.liveClasses(state.prompts().live().metadata().classes().size());
        meters.prequential(state.prequential().accuracy(), state.prequential().zeroShotAccuracy());
        meters.continual(state.record().live().figures(), state.record().handWritten().figures());
    }

    public void show(GateState state) {
        Optional<PromptWatch> watch = state.watch();
        meters.watch(watch.map(w -> w.alarmLevel(true)).orElse(Double.NaN), watch.map(w -> w.alarmLevel(false)).orElse(Double.NaN));
        meters.brake(state.brake().isPaused(), state.brake().coolDownUntil());
        meters.waiting(state.docket().unjudged(), state.docket().unclear(),
                state.docket().firstUnclear().map(Candidate::arrivedAt).orElse(0L));
        int heldOut = state.images().heldOut();
        meters.images(heldOut, state.images().size() - heldOut);
    }
}
