package dev.promptgate.evaluator.gate;

import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.gate.GateEvent.Answers;
import java.util.List;

/**
 * Everything that a gate knows and the topics do not tell: it goes out with every report, so that whoever comes next goes on where the last
 * report was written. Unsettled candidates were judged; the watch is null if there is nothing to compare the live prompt with.
 */
public record GateSnapshot(Identity identity, Progress progress, Rollouts rollouts, List<Candidate.State> unsettled, Brake brake,
        PromptWatch.State watch, Prequential prequential) {
    /** Whose state it is: the model's fingerprint, and the number of the report, counted from 1. */
    public record Identity(String model, long report) {}

    /**
     * How far the gate is.
     *
     * @param position offset in image-features behind what was taken in
     * @param arrivals judging images that came in so far
     * @param nextCandidate offset in prompt-candidates behind what was taken in
     * @param nextCommand the same for gate-commands
     * @param lastVersion the highest version of a candidate taken in
     * @param lastHorizon the highest horizon of a candidate taken in
     * @param time event time, epoch milliseconds
     */
    public record Progress(long position, long arrivals, long nextCandidate, long nextCommand, long lastVersion, long lastHorizon,
            long time) {
        Progress passedTo(long newTime) {
            return new Progress(position, arrivals, nextCandidate, nextCommand, lastVersion, lastHorizon, Math.max(time, newTime));
        }

        Progress setBackTo(long newTime) {
            return new Progress(position, arrivals, nextCandidate, nextCommand, lastVersion, lastHorizon, newTime);
        }

        Progress behindImage(long offset, boolean isArrival) {
            return new Progress(Math.max(position, offset + 1), arrivals + (isArrival ? 1 : 0), nextCandidate, nextCommand, lastVersion,
                    lastHorizon, time);
        }

        Progress behindCandidate(long offset) {
            return new Progress(position, arrivals, offset + 1, nextCommand, lastVersion, lastHorizon, time);
        }

        Progress behindCandidate(Candidate candidate) {
            return new Progress(position, arrivals, candidate.offset() + 1, nextCommand, candidate.version(),
                    Math.max(lastHorizon, candidate.horizon()), time);
        }

        Progress behindCommand(long offset) {
            return new Progress(position, arrivals, nextCandidate, offset + 1, lastVersion, lastHorizon, time);
        }

        /** As if a candidate and what came after it in its topic had not been read yet. */
        Progress before(Candidate candidate) {
            return new Progress(position, arrivals, candidate.offset(), nextCommand, candidate.version() - 1, candidate.horizon(), time);
        }
    }

    /**
     * What is live, by the levels of {@link PromptStack}, and since when, epoch milliseconds, 0 for never; how many records were written to
     * prompt-rollouts, which is the sequence of the last one.
     */
    public record Rollouts(List<PromptStack.LevelState> live, long liveSince, long rollouts) {}

    /** What keeps candidates that pass from going out; epoch milliseconds, 0 for no cool-down so far. */
    public record Brake(boolean isPaused, long coolDownUntil) {
        static final Brake NONE = new Brake(false, 0);

        boolean isOpen(long time) {
            return !isPaused && time >= coolDownUntil;
        }
    }

    public static GateSnapshot initial(String model) {
        return new GateSnapshot(new Identity(model, 0), new Progress(0, 0, 0, 0, 0, 0, 0), new Rollouts(List.of(), 0, 0), List.of(),
                Brake.NONE, null, Prequential.NONE);
    }

    /** What is left for another model: it starts from the hand-written prompt, but for what was read and counted. */
    public GateSnapshot forModel(String model) {
        return new GateSnapshot(new Identity(model, identity.report()),
                new Progress(0, 0, progress.nextCandidate(), progress.nextCommand(), progress.lastVersion(), 0, 0),
                new Rollouts(List.of(), 0, rollouts.rollouts()), List.of(), new Brake(brake.isPaused(), 0), null, Prequential.NONE);
    }

    public String model() {
        return identity.model();
    }

    /**
     * Prequential accuracy on unseen classes (test, then train): held-out images of a class that has arrived but that the live prompt was
     * not trained on, answered at their arrival by the prompt that is live then, among the unseen classes known then.
     *
     * @param right images that the prompt live at the time got right
     * @param zeroShotRight those that the hand-written one got right
     */
    public record Prequential(long images, long right, long zeroShotRight) {
        static final Prequential NONE = new Prequential(0, 0, 0);

        Prequential with(Answers answers) {
            return new Prequential(images + 1, right + (answers.live() ? 1 : 0), zeroShotRight + (answers.other() ? 1 : 0));
        }

        public double accuracy() {
            return images == 0 ? Double.NaN : (double) right / images;
        }

        public double zeroShotAccuracy() {
            return images == 0 ? Double.NaN : (double) zeroShotRight / images;
        }
    }
}
