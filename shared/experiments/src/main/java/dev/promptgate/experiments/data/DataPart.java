package dev.promptgate.experiments.data;

public enum DataPart {
    TRAIN,
    /** Measures accuracy, never trains. */
    TEST
}
