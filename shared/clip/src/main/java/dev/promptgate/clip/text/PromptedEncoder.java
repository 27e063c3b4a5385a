package dev.promptgate.clip.text;

/** Encodes prompts with a learnable context; the implementations differ in cost only, not in result. */
public interface PromptedEncoder {
    /** L2-normalised text features [classes][dim], without a graph. */
    float[][] features(Context context, PromptSet prompts);

    /** A forward pass that keeps what its gradient needs; the caller closes it. */
    TextPass differentiate(Context context, PromptSet prompts);
}
