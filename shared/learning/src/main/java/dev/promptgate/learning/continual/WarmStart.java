package dev.promptgate.learning.continual;

/** Where an update starts from. */
public enum WarmStart {
    /** The last context learned. */
    CANDIDATE,
    /** The hand-written prompt, every time. */
    INITIAL
}
