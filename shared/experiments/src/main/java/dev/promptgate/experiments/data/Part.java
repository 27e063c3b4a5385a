package dev.promptgate.experiments.data;

/** What an image is for. */
public enum Part {
    /** May be drawn as a shot. */
    TRAIN,
    /** Measures accuracy, never trains. */
    TEST
}
