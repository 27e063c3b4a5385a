package dev.promptgate.learning.training;

/**
 * Cosine decay from the peak rate to zero over an update's steps, the first of them at a constant small rate, as in CoOp's configuration.
 */
public record CosineSchedule(double peak, int steps, int warmUpSteps) {
    /** CoOp's constant rate of the first epoch. */
    public static final double WARM_UP_RATE = 1e-5;

    /** The rate of step {@code step}, counted from 0. */
    public double rate(int step) {
        return step < warmUpSteps ? Math.min(WARM_UP_RATE, peak) : peak * 0.5 * (1 + Math.cos(Math.PI * step / steps));
    }
}
