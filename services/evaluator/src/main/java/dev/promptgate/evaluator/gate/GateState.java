package dev.promptgate.evaluator.gate;

import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.candidate.Docket;
import dev.promptgate.evaluator.evidence.HeldOutSet;
import dev.promptgate.evaluator.gate.GateEvent.Intake;
import dev.promptgate.evaluator.gate.GateEvent.Judged;
import dev.promptgate.evaluator.gate.GateSnapshot.Brake;
import dev.promptgate.evaluator.gate.GateSnapshot.Identity;
import dev.promptgate.evaluator.gate.GateSnapshot.Prequential;
import dev.promptgate.evaluator.gate.GateSnapshot.Progress;
import dev.promptgate.evaluator.gate.GateSnapshot.Rollouts;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.watch.WatchSettings;
import dev.promptgate.messaging.command.GateCommand.Action;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the gate knows. Only {@link #apply} changes it, when the gate runs and when it is taken up again alike: then the last report's state
 * is given, and the images before its position are applied once more, which puts them in their places and counts nothing twice. Not
 * thread-safe.
 */
public final class GateState {
    /** How long the gate waits, and what it keeps. */
    public record Limits(Duration deadline, Duration coolDown, int imagesPerClass, WatchSettings watch) {}

    /** What the topic of candidates holds of a state: the prompts that are or were live, and the candidates that wait. */
    public record Prompts(PromptStack live, List<Candidate> unsettled, Optional<Candidate> held) {}

    private final Limits limits;
    private final String model;
    private final HeldOutSet images;
    private final PromptStack prompts;
    private final Docket docket;
    private final TrackRecord record;
    private Progress progress;
    private Brake brake;
    private Optional<PromptWatch> watch = Optional.empty();
    private Prequential prequential;
    private long liveSince;
    private long reports;
    private long rollouts;
    private int changes;
    /** As they were when they were last asked for: with ten thousand classes they are not made for every image. */
    private LabelSpaces spaces;

    public GateState(Limits limits, GateSnapshot snapshot, TrackRecord.Waves waves, Prompts known) {
        this.limits = limits;
        model = snapshot.model();
        images = new HeldOutSet(limits.imagesPerClass());
        prompts = known.live();
        docket = new Docket(limits.deadline(), known.unsettled(), known.held());
        record = new TrackRecord(waves);
        progress = snapshot.progress();
        brake = snapshot.brake();
        prequential = snapshot.prequential();
        liveSince = snapshot.rollouts().liveSince();
        rollouts = snapshot.rollouts().rollouts();
        reports = snapshot.identity().report();
        if (snapshot.watch() != null && prompts.live() != prompts.lastGood()) {
            watch = Optional.of(new PromptWatch(limits.watch(), snapshot.watch()));
        }
        forgetOldImages();
    }

    /** What to keep for the next evaluator. A candidate that was never judged is read again, as if it had not been read yet. */
    public GateSnapshot snapshot() {
        return new GateSnapshot(new Identity(model, reports), docket.firstUnjudged().map(progress::before).orElse(progress),
                new Rollouts(prompts.state(), liveSince, rollouts), docket.unsettled(), brake,
                watch.map(PromptWatch::state).orElse(null), prequential);
    }

    public void apply(GateEvent event) {
        reports += event.isReported() ? 1 : 0;
        if (event instanceof Intake intake) {
            takeIn(intake);
        } else if (event instanceof Judged judged) {
            judged(judged);
        } else if (event instanceof GateEvent.Settled settled) {
            docket.remove(settled.candidate());
        } else if (event instanceof GateEvent.Refused refused) {
            progress = progress.behindCandidate(refused.offset());
        } else if (event instanceof GateEvent.RolledBack rollback) {
            rolledBack(rollback);
        } else if (event instanceof GateEvent.Repaired) {
            rollouts++;
        } else if (event instanceof GateEvent.Alarmed) {
            watch.ifPresent(PromptWatch::reported);
        } else if (event instanceof GateEvent.CommandDone done && done.isAccepted() && done.command().action() != Action.NOTE) {
            brake = new Brake(done.command().action() == Action.PAUSE, brake.coolDownUntil());
        } else if (event instanceof GateEvent.Measured measured) {
            record.measure(measured.comparison());
            changes = 0;
        }
        forgetOldImages();
    }

    private void takeIn(Intake event) {
        if (event instanceof GateEvent.TimePassed passed) {
            progress = progress.passedTo(passed.time());
        } else if (event instanceof GateEvent.ClockSetBack back) {
            setBackTo(back.to());
        } else if (event instanceof GateEvent.ImageArrived arrived) {
            imageArrived(arrived);
        } else if (event instanceof GateEvent.ImageDeleted deleted) {
            images.remove(deleted.imageId(), deleted.offset());
            progress = progress.behindImage(deleted.offset(), false);
        } else if (event instanceof GateEvent.ImagePassedOver passedOver) {
            progress = progress.behindImage(passedOver.offset(), false);
        } else if (event instanceof GateEvent.ClassChanged changed) {
            boolean isOther = images.retire(changed.name(), changed.isRetired(), changed.offset());
            changes += isOther && changed.offset() >= progress.position() ? 1 : 0;
            progress = progress.behindImage(changed.offset(), false);
        } else if (event instanceof GateEvent.CandidateArrived arrived) {
            progress = progress.behindCandidate(arrived.candidate());
            docket.add(arrived.candidate());
        } else if (event instanceof GateEvent.CandidatePassedOver passedOver) {
            progress = progress.behindCandidate(passedOver.offset());
        } else if (event instanceof GateEvent.CommandRead read) {
            progress = progress.behindCommand(read.offset());
        } else if (event instanceof GateEvent.Adopted adopted) {
            prompts.rollOut(adopted.prompt(), true);
        }
    }

    /** What was to last from a time in the future lasts from now. */
    private void setBackTo(long time) {
        progress = progress.setBackTo(time);
        brake = new Brake(brake.isPaused(), Math.min(brake.coolDownUntil(), time + limits.coolDown().toMillis()));
        liveSince = Math.min(liveSince, time);
        docket.setBackTo(time);
    }

    private void imageArrived(GateEvent.ImageArrived event) {
        boolean isKnown = event.offset() < progress.position();
        boolean isNew = images.put(event.image(), event.offset());
        if (isKnown && isNew) {
            watch.ifPresent(w -> w.recount(event.image(), event.offset(), unseenWith(event.image().label())));
        } else if (!isKnown) {
            progress = progress.behindImage(event.offset(), isNew);
            changes += isNew ? 1 : 0;
            event.unseen().ifPresent(answers -> prequential = prequential.with(answers));
            event.watched().ifPresent(answers -> watch.orElseThrow().count(event.image(), event.offset(),
                    seen().contains(event.image().label()), answers));
        }
    }

    private void judged(Judged event) {
        Candidate candidate = event.judgement().candidate();
        if (event instanceof GateEvent.Undecided) {
            docket.keepFirst(candidate);
            return;
        }
        changes++;
        if (event instanceof GateEvent.HeldBack) {
            docket.hold(candidate);
            return;
        }
        docket.remove(candidate);
        if (event instanceof GateEvent.RolledOut rollout) {
            prompts.rollOut(rollout.prompt(), rollout.isBest());
            record.rollOut(event.judgement().comparison());
            liveChanged();
        }
    }

    private void rolledBack(GateEvent.RolledBack event) {
        prompts.rollBackTo(event.to());
        record.rollBackTo(event.to().metadata().classes());
        brake = new Brake(brake.isPaused(), progress.time() + limits.coolDown().toMillis());
        changes++;
        liveChanged();
    }

    private void liveChanged() {
        rollouts++;
        liveSince = progress.time();
        watch = prompts.live() == prompts.lastGood() ? Optional.empty()
                : Optional.of(new PromptWatch(limits.watch(), progress.position()));
    }

    /**
     * The classes known by now, and that of an image that comes in, without those that the live prompt was trained on; the same set until
     * one of them changes.
     */
    Set<String> unseenWith(String label) {
        return spaces().unseenWith(label);
    }

    /** The classes that the live prompt was trained on. */
    Set<String> seen() {
        return spaces().seen();
    }

    private LabelSpaces spaces() {
        if (spaces == null || !spaces.isOf(images.classes(), live())) {
            spaces = LabelSpaces.of(images.classes(), live());
        }
        return spaces;
    }

    /** Gives up images as they stood before any horizon that a candidate can still ask for. */
    private void forgetOldImages() {
        images.forgetBefore(Math.min(docket.firstHorizon(), progress.lastHorizon()));
    }

    public Progress progress() {
        return progress;
    }

    public Brake brake() {
        return brake;
    }

    public PromptStack prompts() {
        return prompts;
    }

    public Docket docket() {
        return docket;
    }

    public HeldOutSet images() {
        return images;
    }

    /** Empty while the hand-written prompt is live. */
    public Optional<PromptWatch> watch() {
        return watch;
    }

    public TrackRecord record() {
        return record;
    }

    public Prequential prequential() {
        return prequential;
    }

    /** When the live prompt was made live, epoch milliseconds; 0 if nothing was ever rolled out. */
    public long liveSince() {
        return liveSince;
    }

    public long reports() {
        return reports;
    }

    /** Records written to prompt-rollouts. */
    public long rollouts() {
        return rollouts;
    }

    /** Images that came in since the last measurement, or other reasons for one. */
    public int changesSinceMeasurement() {
        return changes;
    }

    public String model() {
        return model;
    }

    Prompt live() {
        return prompts.live();
    }
}
