package dev.promptgate.history.invariant;

import dev.promptgate.evaluator.input.InputOrder.Input;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.report.EvaluationReport;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Something that holds of every history of an installation, whatever was killed or cut off. It is told the history in one order, which
 * allows for services that go on meanwhile: what is told earlier is never ahead of what is told later. First what the encoders had
 * committed; then features, aborted records among them, and rejections; again what was committed; labelled images; then rollouts, reports
 * and candidates of the one prompt. A record that cannot be read is told as nothing, since every reader passes over it. Not thread-safe.
 */
public interface Invariant {
    /** What the encoders had committed before anything was read. */
    default void begin(CommittedOffsets committed) {}

    /** A committed record by which an encoder answers for an image; features that were relabelled since come again with their source. */
    default void outcome(Outcome outcome) {}

    /** A record of image-features that was aborted. */
    default void aborted(Outcome outcome) {}

    /** What the encoders have committed after the last outcome was read. */
    default void outcomesEnd(CommittedOffsets committed) {}

    /** A committed record of labelled-images. */
    default void image(ConsumerRecord<byte[], byte[]> image) {}

    /** A record of prompt-rollouts; empty for the hand-written prompt. */
    default void rollout(Place place, Optional<Prompt> live) {}

    default void report(Place place, EvaluationReport report) {}

    default void candidate(Place place, Prompt candidate) {}

    /**
     * All records of gate-commands, prompt-candidates and image-features once more, in the order in which an evaluator takes them in: that
     * of their times. Only if something is to be recomputed.
     */
    default void again(Input input, ConsumerRecord<byte[], byte[]> record) {}

    /** Nothing follows. */
    Finding finish();
}
