package dev.promptgate.learning.continual;

public enum WarmStart {
    CANDIDATE,
    /** The hand-written prompt, every time. */
    INITIAL
}
