package dev.promptgate.learning.gate;

/** The three answers of the gate. */
public enum Outcome {
    /** Roll the candidate out. */
    PASS,
    /** Do not. */
    FAIL,
    /** Too few images to tell. */
    INCONCLUSIVE
}
