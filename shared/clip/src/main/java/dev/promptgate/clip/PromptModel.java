package dev.promptgate.clip;

import dev.promptgate.clip.text.PromptEncoder;

/**
 * A frozen CLIP as those see it who have image features and learn or judge prompts: its text side, and what tells whose features they are.
 */
public interface PromptModel {
    /** {@code sha256:…} of weights and shape: equal fingerprints give equal features. */
    String fingerprint();

    /** exp of the stored logit scale: logits = logitScale · image · textᵀ. */
    float logitScale();

    int featureDim();

    /** Width of a token embedding and of the context's vectors. */
    int textWidth();

    PromptEncoder textEncoder();

    /** Gives memory back to the system that passes have left behind; takes milliseconds, so at most once for what took much longer. */
    void trim();
}
