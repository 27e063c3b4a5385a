package dev.promptgate.evaluator.gate;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;

/** What the gate decides about: a record that was read and understood, or that nothing is there to read. */
public sealed interface GateInput {
    /** What has a time, epoch milliseconds: that of the record, or the wall clock. What falls due by then is decided before. */
    sealed interface Timed extends GateInput {
        long time();
    }

    record Image(ImageFeature image, long offset, long time) implements Timed {}

    record NewCandidate(Prompt prompt, long offset, long time) implements Timed {}

    /**
     * A record that leaves nothing to decide: an image that is deleted or cannot be used, a candidate that cannot be judged, or whose
     * refusal an earlier evaluator reported. That one is read once more if it came behind one that is still to be judged.
     */
    record Plain(GateEvent event, long time) implements Timed {}

    /** @param refusal why it cannot be carried out at all; empty if it can */
    record Command(GateCommand command, String refusal, long offset, long time) implements Timed {}

    record Idle(long time) implements Timed {}

    /** The topic of rollouts holds what was not rolled out. */
    record ForeignRollout(String description) implements GateInput {}

    record Measure() implements GateInput {}
}
