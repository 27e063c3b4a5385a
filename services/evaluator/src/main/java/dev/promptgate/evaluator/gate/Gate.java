package dev.promptgate.evaluator.gate;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.config.RefusalReason;
import dev.promptgate.evaluator.gate.GateEvent.Answers;
import dev.promptgate.evaluator.gate.GateEvent.Judgement;
import dev.promptgate.evaluator.gate.GateInput.Timed;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.Verdict.Outcome;
import dev.promptgate.learning.prompt.Leap;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Decides what is live. Each method looks at the state and says what happens next; it changes nothing, writes nothing, and knows no time
 * but that of its inputs, so that equal topics give equal events. Whoever calls applies the events of one answer to the state before asking
 * again: first what falls due before an input ({@link #dueBefore}), then the input ({@link #decide}), then what is due as things stand
 * ({@link #due}), each until there is nothing left. Blocking: runs the text tower. One thread at a time.
 */
public final class Gate {
    /** More than the clocks of brokers differ. */
    private static final long CLOCKS_DIFFER_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final Judge judge;
    private final long deadlineSeconds;
    private final LongFunction<Optional<Prompt>> archive;

    /**
     * An unclear candidate is judged again after {@code recheckImages} at least; rollouts carry a threshold for the target error; the
     * archive finds a prompt by version, if it ever was live.
     */
    public Gate(GateSettings demands, int recheckImages, double targetError, long deadlineSeconds, PromptModel model,
            LongFunction<Optional<Prompt>> archive) {
        judge = new Judge(demands, recheckImages, targetError, model);
        this.deadlineSeconds = deadlineSeconds;
        this.archive = archive;
    }

    /** What an input brings by itself. */
    public List<GateEvent> decide(GateState state, GateInput input) {
        List<GateEvent> events = new ArrayList<>();
        if (input instanceof Timed timed) {
            events.add(time(state.progress().time(), timed));
        }
        if (input instanceof GateInput.Image image) {
            events.add(arrival(state, image));
        } else if (input instanceof GateInput.Plain plain) {
            events.add(plain.event());
        } else if (input instanceof GateInput.NewCandidate candidate) {
            events.add(candidate(state, candidate));
        } else if (input instanceof GateInput.Command command) {
            events.add(new GateEvent.CommandRead(command.offset()));
            events.add(command(state, command));
        } else if (input instanceof GateInput.ForeignRollout foreign) {
            events.add(repair(state.live(), foreign.description()));
        } else if (input instanceof GateInput.Measure) {
            events.addAll(measure(state));
        }
        return events;
    }

    /**
     * Images come in the order of the brokers' times; one that is far behind the time so far proves that one wrong. Other records say less:
     * a candidate may be read again.
     */
    private static GateEvent time(long before, Timed input) {
        return input instanceof GateInput.Image && input.time() < before - CLOCKS_DIFFER_MILLIS
                ? new GateEvent.ClockSetBack(before, input.time())
                : new GateEvent.TimePassed(input.time());
    }

    /** An image that was taken in before the last report, once more. */
    public GateEvent replay(GateInput input) {
        return input instanceof GateInput.Image image
                ? new GateEvent.ImageArrived(image.image(), image.offset(), Optional.empty(), Optional.empty())
                : ((GateInput.Plain) input).event();
    }

    private GateEvent arrival(GateState state, GateInput.Image input) {
        ImageFeature image = input.image();
        Optional<Answers> watched = Optional.empty();
        Optional<Answers> first = Optional.empty();
        if (state.images().isNew(image)) {
            Set<String> unseen = state.unseenWith(image.label());
            boolean isUnseen = unseen.contains(image.label());
            if (isUnseen && image.split() != Split.PROBE && unseen.size() > 1) { // alone there is nothing to tell it from
                first = Optional.of(judge.answers(image, unseen, state.live(), state.prompts().handWritten()));
            }
            watched = state.watch().filter(watch -> watch.isEvidence(image, unseen)).map(watch -> judge.answers(image,
                    isUnseen ? unseen : state.seen(), state.live(), state.prompts().lastGood()));
        }
        return new GateEvent.ImageArrived(image, input.offset(), watched, first);
    }

    private static GateEvent candidate(GateState state, GateInput.NewCandidate input) {
        long last = state.progress().lastVersion();
        if (input.prompt().version() > last || Leap.isAt(last, input.offset())) { // an earlier release let any version through
            return new GateEvent.CandidateArrived(Candidate.arrived(input.prompt(), input.offset(), input.time()));
        }
        return new GateEvent.Refused(input.offset(), RefusalReason.REPEATED_VERSION,
                ("The candidate's version is not above the last one's; was the topic written to by two learners? The one that goes on "
                        + "counts on from the last once it is started again [theirs: %d, last: %d]")
                        .formatted(input.prompt().version(), last));
    }

    private GateEvent command(GateState state, GateInput.Command input) {
        GateCommand command = input.command();
        if (!input.refusal().isEmpty()) {
            return refused(command, input.refusal());
        }
        return switch (command.action()) {
            case PAUSE -> new GateEvent.CommandDone(command, true, "the gate is paused: it judges and reports, but rolls out nothing");
            case RESUME -> new GateEvent.CommandDone(command, true, "the gate goes on");
            case ROLLBACK -> rollback(state, command);
            case NOTE -> new GateEvent.CommandDone(command, true, "%s: %s".formatted(operator(command), Quoted.of(command.reason(), 1000)));
        };
    }

    private static GateEvent refused(GateCommand command, String reason) {
        return new GateEvent.CommandDone(command, false, reason);
    }

    private GateEvent rollback(GateState state, GateCommand command) {
        long from = state.live().version();
        long version = command.to().orElse(state.prompts().lastGood().version());
        if (version == from) {
            return refused(command, version == 0 ? "the hand-written prompt is live, there is nothing to roll back"
                    : "version " + version + " is live already");
        }
        Optional<Prompt> target = version == 0 ? Optional.of(state.prompts().handWritten()) : archive.apply(version);
        if (target.isEmpty()) {
            return refused(command,
                    "version " + version + " was never live, or its candidate is gone from prompt-candidates; see: promptgate rollouts");
        }
        String reason = "%s: %s".formatted(operator(command), command.reason().isBlank() ? "no reason given" : Quoted.of(command.reason()));
        return new GateEvent.RolledBack(from, target.get(), Cause.OPERATOR, reason, Optional.of(command));
    }

    private static String operator(GateCommand command) {
        return "operator " + (command.by().isBlank() ? "(unknown)" : Quoted.of(command.by()));
    }

    private static GateEvent repair(Prompt live, String found) {
        return new GateEvent.Repaired(live, "%s, which this gate did not roll out; version %d is written again"
                .formatted(found, live.version()));
    }

    private List<GateEvent> measure(GateState state) {
        if (state.changesSinceMeasurement() == 0 || state.images().heldOut() == 0) {
            return List.of();
        }
        List<String> trained = state.live().metadata().classes();
        long position = state.progress().position();
        return List.of(judge.measure(state.prompts(), trained.isEmpty() ? state.images().labelledClasses() : trained,
                state.images().at(position), position));
    }

    /**
     * What happens next before a time, epoch milliseconds: what is due as things stand, then cool-downs and deadlines that are over by
     * then. They fall due between two records, the same two at every reading.
     */
    public List<GateEvent> dueBefore(GateState state, long time) {
        List<GateEvent> due = due(state);
        if (!due.isEmpty()) {
            return due;
        }
        long deadline = state.docket().firstDue();
        long release = state.docket().held().isEmpty() || state.brake().isPaused() ? Long.MAX_VALUE : state.brake().coolDownUntil();
        if (release <= Math.min(time, deadline)) {
            return List.of(new GateEvent.TimePassed(release));
        }
        return deadline > time ? List.of()
                : List.of(new GateEvent.TimePassed(deadline), new GateEvent.Settled(state.docket().firstUnclear().orElseThrow(),
                        Outcome.FAIL, "still inconclusive at the deadline of %d s".formatted(deadlineSeconds)));
    }

    /** What happens next without a further input: the watch's alarm, what was held back, and what waits for its verdict, in this order. */
    public List<GateEvent> due(GateState state) {
        Optional<String> alarm = state.watch().flatMap(PromptWatch::alarm);
        Prompt lastGood = state.prompts().lastGood();
        if (alarm.isPresent() && !state.brake().isPaused()) {
            return List.of(new GateEvent.RolledBack(state.live().version(), lastGood, Cause.WATCH, alarm.get(), Optional.empty()));
        }
        if (alarm.isPresent() && !state.watch().orElseThrow().isReported()) {
            return List.of(new GateEvent.Alarmed(state.live().version(), lastGood.version(), alarm.get()));
        }
        if (state.docket().held().isPresent() && state.brake().isOpen(state.progress().time())) {
            // It is judged once more, on all there is by now.
            return judge(state, state.docket().held().get().extendedTo(state.progress().position()));
        }
        return advance(state);
    }

    /** Judges the oldest candidate if there are the images. */
    private List<GateEvent> advance(GateState state) {
        Optional<Candidate> first = state.docket().first();
        if (first.isEmpty() || state.progress().position() < first.get().horizon()) {
            return List.of();
        }
        Candidate candidate = first.get();
        if (!candidate.isJudged()) {
            return judge(state, candidate);
        }
        if (state.docket().isFirstSuperseded()) {
            return List.of(new GateEvent.Settled(candidate, Outcome.INCONCLUSIVE, "superseded by a newer candidate"));
        }
        return state.progress().arrivals() >= candidate.nextLookAt() ? judge(state, candidate.extendedTo(state.progress().position()))
                : List.of();
    }

    private List<GateEvent> judge(GateState state, Candidate candidate) {
        Judgement judgement = judge.judge(candidate, state.prompts(), state.images().at(candidate.horizon()), state.progress().arrivals());
        if (judgement.verdict().outcome() == Outcome.INCONCLUSIVE) {
            return List.of(new GateEvent.Undecided(judgement, !candidate.isJudged()));
        }
        if (judgement.verdict().outcome() == Outcome.FAIL) {
            return List.of(new GateEvent.Failed(judgement));
        }
        if (state.brake().isOpen(state.progress().time())) {
            return List.of(new GateEvent.RolledOut(judgement, Judge.withFigures(judgement, state.live().version()),
                    Judge.isBest(judgement.comparison())));
        }
        List<GateEvent> events = new ArrayList<>();
        events.add(new GateEvent.HeldBack(judgement, state.brake().isPaused() ? "paused" : "cool-down"));
        state.docket().held().ifPresent(older -> events.add(new GateEvent.Settled(older, Outcome.INCONCLUSIVE,
                "superseded by a newer candidate that is held back, too")));
        return events;
    }
}
