package dev.promptgate.experiments.run;

import dev.promptgate.experiments.landscape.HessianEigenvalue;
import dev.promptgate.experiments.landscape.LandscapeGrid;
import dev.promptgate.experiments.landscape.Sharpness;

/**
 * The loss around a solution, over all its training images as they are.
 *
 * @param curvature the greatest eigenvalue of the Hessian
 */
public record Surroundings(Sharpness sharpness, HessianEigenvalue curvature, LandscapeGrid grid) {}
