package dev.promptgate.evaluator;

import dev.promptgate.clip.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.accuracy.ProtocolOutcomes;

/**
 * Prompts side by side on the same images.
 *
 * @param handWritten the zero-shot prompt
 * @param live the live prompt; equal to the hand-written one before the first rollout
 * @param candidate null in a measurement
 */
record Comparison(LabelSpace space, ProtocolOutcomes handWritten, ProtocolOutcomes live, ProtocolOutcomes candidate) {
    /** Blocking: runs the text tower. */
    static Comparison of(LabelSpace space, TextEncoder encoder, Context handWritten, Context live, Context candidate) {
        PromptSet prompts = encoder.prompts(space.classes(), handWritten.tokens());
        ProtocolOutcomes zeroShot = outcomes(space, encoder, prompts, handWritten);
        return new Comparison(space, zeroShot, live == handWritten ? zeroShot : outcomes(space, encoder, prompts, live),
                candidate == null ? null : outcomes(space, encoder, prompts, candidate));
    }

    private static ProtocolOutcomes outcomes(LabelSpace space, TextEncoder encoder, PromptSet prompts, Context context) {
        return ProtocolOutcomes.of(space.images(), space.labels(), encoder.features(context, prompts), space.seen());
    }
}
