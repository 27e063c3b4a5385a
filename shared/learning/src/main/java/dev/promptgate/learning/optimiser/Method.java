package dev.promptgate.learning.optimiser;

/** How the direction of a step is found. */
public enum Method {
    /** Plain gradient: CoOp (arXiv 2109.01134). */
    COOP,
    /** The gradient at the worst point of the ρ-ball: sharpness-aware minimisation (arXiv 2010.01412) on the context. */
    SCOOP,
    /** The sharpness-aware gradient, constrained by its angle to the plain one: GCSCoOp (arXiv 2309.07866). */
    GCSCOOP
}
