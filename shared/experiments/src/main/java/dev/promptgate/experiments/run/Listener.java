package dev.promptgate.experiments.run;

/** Follows a comparison; called on the thread that runs it. */
public interface Listener {
    void begin(Cell cell);

    /** Units of work are done: training steps, and one for each cell. */
    void advance(long units);

    /** A cell ended without a result. */
    void failed(Cell cell, String reason);
}
