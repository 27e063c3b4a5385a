package dev.promptgate.experiments.data;

public enum Part {
    TRAIN,
    /** Measures accuracy, never trains. */
    TEST
}
