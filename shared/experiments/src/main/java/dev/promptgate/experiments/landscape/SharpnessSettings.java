package dev.promptgate.experiments.landscape;

import dev.promptgate.learning.method.Hyperparameter;
import java.util.ArrayList;
import java.util.List;

/**
 * What is spent on telling a solution's sharpness: 1 + starts · (1 + ascentSteps) gradients and 1 + directions losses.
 *
 * @param rho the ball's radius ρ
 * @param starts ascents: the first from the gradient's direction, the others from random ones
 * @param ascentSteps gradient steps of one ascent
 * @param directions random directions that the average is taken over
 * @param seed of the random starts and directions
 */
public record SharpnessSettings(double rho, int starts, int ascentSteps, int directions, long seed) {
    /** The radius that the methods train with. */
    public static SharpnessSettings defaults(long seed) {
        return new SharpnessSettings(Hyperparameter.RHO.defaultValue(), 3, 10, 50, seed);
    }

    /** @throws IllegalArgumentException naming every violation */
    public SharpnessSettings {
        List<String> violations = new ArrayList<>();
        if (!(rho > 0) || Double.isInfinite(rho)) {
            violations.add("the radius rho must be positive [rho: " + rho + "]");
        }
        if (starts < 1 || ascentSteps < 1) {
            violations.add("starts and ascent steps must be positive [starts: %d, ascent steps: %d]".formatted(starts, ascentSteps));
        }
        if (directions < 1) {
            violations.add("there must be a random direction [directions: " + directions + "]");
        }
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", violations));
        }
    }
}
