package dev.promptgate.evaluator.report;

import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.gate.GateEvent;
import dev.promptgate.evaluator.gate.GateEvent.Judged;
import dev.promptgate.evaluator.gate.GateEvent.Judgement;
import dev.promptgate.evaluator.gate.GateState;
import dev.promptgate.evaluator.gate.PromptWatch;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.Verdict.Outcome;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.report.CommandReport;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.Head;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.GateAfter;
import dev.promptgate.messaging.report.MeasurementReport;
import dev.promptgate.messaging.report.RefusalReport;
import dev.promptgate.messaging.report.ReplacementReport;
import dev.promptgate.messaging.report.ReplacementReport.Cause;
import dev.promptgate.messaging.report.ReplacementReport.Replacement;
import dev.promptgate.messaging.report.VerdictReport;
import dev.promptgate.messaging.report.VerdictReport.Answer;
import dev.promptgate.messaging.report.VerdictReport.Rollout;
import dev.promptgate.messaging.report.VerdictReport.Ruling;
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
 *
 * @param now epoch milliseconds
 */
public record Announcer(String prompt, GateSettings demands, EvaluatorMeters meters, ReportWriter writer, LongSupplier now) {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /**
     * Tells of an event; {@link #publish} writes what belongs together.
     *
     * @param state after the event
     * @param live version before the event
     * @param nanos that it took to decide
     */
    public void tell(GateEvent event, GateState state, long live, long nanos) {
        Head head = new Head(prompt, now.getAsLong(), live);
        if (event instanceof Judged judged) {
            judged(judged, head, state, nanos);
        } else if (event instanceof GateEvent.Settled settled) {
            settled(settled, head, state);
        } else if (event instanceof GateEvent.Refused refused) {
            refused(refused, head, state);
        } else if (event instanceof GateEvent.RolledBack rollback) {
            rolledBack(rollback, head, state);
        } else if (event instanceof GateEvent.Alarmed alarm) {
            LOG.warn("Live {} should go, but the gate is paused: {}", live, alarm.reason());
            replacement(Kind.ALARM, new Replacement(Cause.WATCH, alarm.from(), alarm.to(), alarm.reason()), head, state);
        } else if (event instanceof GateEvent.Repaired repair) {
            LOG.warn("{}", repair.reason());
            meters.repaired();
            writer.add(repair.live(), state.rollouts());
            replacement(Kind.REPAIR, new Replacement(Cause.REPAIR, live, live, repair.reason()), head, state);
        } else if (event instanceof GateEvent.Paused paused) {
            commanded(paused.command(), paused.reason(), head, state);
        } else if (event instanceof GateEvent.Resumed resumed) {
            commanded(resumed.command(), resumed.reason(), head, state);
        } else if (event instanceof GateEvent.CommandRefused refused) {
            LOG.warn("A command is refused: {} [by: {}]", refused.reason(), Quoted.of(refused.command().by()));
            meters.command(false);
            writer.add(new CommandReport(head, CommandReport.Answer.to(refused.command(), false, refused.reason()),
                    ReportFigures.after(state)));
        } else if (event instanceof GateEvent.Measured measured) {
            measured(measured, head, state, nanos);
        }
    }

    private void judged(Judged event, Head head, GateState state, long nanos) {
        Judgement judgement = event.judgement();
        meters.judged(judgement.comparison().accuracies(Role.CANDIDATE), nanos);
        if (event instanceof GateEvent.Undecided) {
            if (event.isReported()) {
                log(judgement, ", waits for more images", head);
                report(judgement, false, Rollout.NONE, head, ReportFigures.after(state));
            }
        } else if (event instanceof GateEvent.Failed) {
            log(judgement, "", head);
            meters.verdict(Outcome.FAIL);
            report(judgement, true, Rollout.NONE, head, ReportFigures.after(state));
        } else if (event instanceof GateEvent.HeldBack held) {
            log(judgement, ", held back: " + held.by(), head);
            report(judgement, false, new Rollout(false, held.by()), head, ReportFigures.after(state));
        } else if (event instanceof GateEvent.RolledOut rollout) {
            log(judgement, "", head);
            meters.verdict(Outcome.PASS);
            meters.rolledOut(rollout.prompt().metadata(), now.getAsLong());
            showLive(state);
            writer.add(rollout.prompt(), state.rollouts());
            report(judgement, true, Rollout.DONE, head, ReportFigures.afterChange(state));
        }
    }

    private static void log(Judgement judgement, String more, Head head) {
        log(judgement.candidate(), judgement.verdict().outcome(), more, judgement.verdict().reason(), head);
    }

    private static void log(Candidate candidate, Outcome outcome, String more, String reason, Head head) {
        LOG.info("Candidate {} against live {}: {}{}: {}", candidate.version(), head.liveVersion(), outcome, more, reason);
    }

    private void report(Judgement judgement, boolean isFinal, Rollout rollout, Head head, GateAfter after) {
        writer.add(new VerdictReport(head, ReportFigures.ruling(judgement, isFinal),
                Optional.of(ReportFigures.compared(judgement.comparison(), judgement.candidate().horizon())),
                Optional.of(ReportFigures.demands(demands)), rollout, after));
    }

    private void settled(GateEvent.Settled event, Head head, GateState state) {
        Candidate candidate = event.candidate();
        log(candidate, event.outcome(), "", event.reason(), head);
        meters.verdict(event.outcome());
        writer.add(new VerdictReport(head, new Ruling(candidate.version(), candidate.offset(), candidate.tests(),
                Answer.valueOf(event.outcome().name()), true, event.reason(), List.of()), ReportFigures.after(state)));
    }

    private void refused(GateEvent.Refused event, Head head, GateState state) {
        LOG.warn("A candidate is refused: {} [offset: {}]", event.message(), event.offset());
        meters.refusal(event.why());
        writer.add(new RefusalReport(head, new RefusalReport.Refused(event.offset(), event.why().wireName(), event.message()),
                ReportFigures.after(state)));
    }

    private void rolledBack(GateEvent.RolledBack event, Head head, GateState state) {
        long to = event.to().version();
        LOG.warn("Rolls back from version {} to {} ({}): {}", event.from(), to, event.cause().wireName(), event.reason());
        event.command().ifPresent(command -> meters.command(true));
        meters.rolledBack(event.command().isPresent(), to, now.getAsLong());
        showLive(state);
        Map<String, String> figures = new TreeMap<>(
                Map.of("outcome", "rollback", "reason", event.reason(), "replaced_version", Long.toString(event.from())));
        writer.add(new Prompt(event.to().context(), event.to().metadata().withVerdict(figures)), state.rollouts());
        writer.add(new ReplacementReport(Kind.ROLLBACK, head,
                event.command().map(command -> CommandReport.Answer.to(command, true, event.reason())),
                new Replacement(event.cause(), event.from(), to, event.reason()), ReportFigures.afterChange(state)));
    }

    private void replacement(Kind kind, Replacement replacement, Head head, GateState state) {
        writer.add(new ReplacementReport(kind, head, Optional.empty(), replacement,
                kind == Kind.ALARM ? ReportFigures.after(state) : ReportFigures.afterChange(state)));
    }

    private void commanded(GateCommand command, String reason, Head head, GateState state) {
        LOG.warn("Operator's {}: {} [by: {}, reason: {}]", command.action(), reason, Quoted.of(command.by()), Quoted.of(command.reason()));
        meters.command(true);
        writer.add(new CommandReport(head, CommandReport.Answer.to(command, true, reason), ReportFigures.after(state)));
    }

    private void measured(GateEvent.Measured event, Head head, GateState state, long nanos) {
        meters.measured(event.comparison().accuracies(Role.LIVE), event.comparison().accuracies(Role.ZERO_SHOT), nanos);
        showLive(state);
        writer.add(new MeasurementReport(head, Optional.of(ReportFigures.compared(event.comparison(), event.position())),
                ReportFigures.prequential(state.prequential()), ReportFigures.afterMeasurement(state)));
    }

    /** Writes what was told since the last time, in one transaction. */
    public void publish(GateState state) {
        writer.write(state.progress().position(), state.reports());
    }

    /** Shows a gate that is taken up again. */
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
        meters.images(state.images().heldOut(), state.images().size() - state.images().heldOut());
    }
}
