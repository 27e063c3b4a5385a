package dev.promptgate.experiments.plots;

/**
 * A figure over the steps of one training.
 *
 * @param steps counted from 1, ascending
 * @param values as many; none for a method that has no such figure: it is left out of the plot
 */
public record Trace(String method, double[] steps, double[] values) {
    /** Whether there is anything to draw. */
    public boolean drawn() {
        return steps.length > 0;
    }
}
