package dev.promptgate.learning.gate;

/** The three answers of the gate. */
public enum Outcome {
    PASS, FAIL, INCONCLUSIVE
}
