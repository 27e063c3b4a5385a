package dev.promptgate.evaluator.gate;

import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.config.RefusalReason;
import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.learning.gate.Verdict.Outcome;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.suspect.Suspect;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Cause;
import java.util.List;
import java.util.Optional;

/** What happens at the gate. {@link GateState#apply} says what each event changes; nothing else changes the state. */
public sealed interface GateEvent {
    /** Whether a report tells of it. */
    default boolean isReported() {
        return true;
    }

    /** Something was taken in, and nothing decided yet. */
    sealed interface Intake extends GateEvent {
        @Override
        default boolean isReported() {
            return false;
        }
    }

    record TimePassed(long time) implements Intake {}

    /** By the newest image a time before was in the future: some clock was wrong and has been mended. Epoch milliseconds. */
    record ClockSetBack(long from, long to) implements Intake {}

    /**
     * An image was taken in, and answered by the live prompt and the one that it replaced, if it is evidence for the watch; by the live and
     * the hand-written prompt, if it is of a class that the live one was not trained on.
     */
    record ImageArrived(ImageFeature image, long offset, Optional<Answers> watched, Optional<Answers> unseen) implements Intake {}

    record ImageDeleted(String imageId, long offset) implements Intake {}

    record ImagePassedOver(long offset) implements Intake {}

    /** An operator says of a class whether it is retired. */
    record ClassChanged(String name, boolean isRetired, long offset) implements Intake {}

    record CandidateArrived(Candidate candidate) implements Intake {}

    record CandidatePassedOver(long offset) implements Intake {}

    record CommandRead(long offset) implements Intake {}

    /** The first evaluator of a prompt finds one in the topic of rollouts and keeps it. */
    record Adopted(Prompt prompt) implements Intake {}

    /** Whether two prompts get an image right. */
    record Answers(boolean live, boolean other) {}

    /** A candidate was compared with what is live. */
    sealed interface Judged extends GateEvent {
        Judgement judgement();
    }

    /** What a comparison told of a candidate, which stands as it does after it. */
    record Judgement(Candidate candidate, Comparison comparison, Verdict verdict) {}

    /** The candidate waits for more images; that it still waits says nothing new. */
    record Undecided(Judgement judgement, boolean isFirst) implements Judged {
        @Override
        public boolean isReported() {
            return isFirst;
        }
    }

    record Failed(Judgement judgement) implements Judged {}

    /** The candidate passed, but nothing may go out now, and why not. */
    record HeldBack(Judgement judgement, String by) implements Judged {}

    /**
     * The candidate passed and is live, with the verdict's figures; {@code isBest} if it is at least as good as every prompt that ever was
     * live.
     */
    record RolledOut(Judgement judgement, Prompt prompt, boolean isBest) implements Judged {}

    /** A final verdict without a comparison. */
    record Settled(Candidate candidate, Outcome outcome, String reason) implements GateEvent {}

    /** A candidate cannot be judged. */
    record Refused(long offset, RefusalReason why, String message) implements GateEvent {}

    /** An earlier prompt is live again instead of a version, maybe because an operator demanded it. */
    record RolledBack(long from, Prompt to, Cause cause, String reason, Optional<GateCommand> command) implements GateEvent {}

    /** The live prompt should go, but the gate is paused. */
    record Alarmed(long from, long to, String reason) implements GateEvent {}

    /** A command to pause or to go on was carried out, or any command was refused. */
    record CommandDone(GateCommand command, boolean isAccepted, String reason) implements GateEvent {}

    /** The live prompt is written to the topic of rollouts once more. */
    record Repaired(Prompt live, String reason) implements GateEvent {}

    /**
     * The live and the hand-written prompt were compared on all images known, those before the offset in image-features; labels of some
     * look wrong to the live one, which is told and changes nothing.
     */
    record Measured(Comparison comparison, List<Suspect> suspects, long position) implements GateEvent {}
}
