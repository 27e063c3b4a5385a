package dev.promptgate.learning.step;

/** Which direction the gradient constraint chose. */
public enum Branch {
    /** The gradients agree (c ≥ β2): the sharpness-aware gradient. */
    SAM,
    /** They differ (β1 &lt; c &lt; β2): its projection on their bisector. */
    BISECTOR,
    /** They conflict (c ≤ β1): the plain gradient. */
    ERM
}
