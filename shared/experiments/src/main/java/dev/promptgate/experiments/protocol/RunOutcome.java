package dev.promptgate.experiments.protocol;

import dev.promptgate.clip.text.Context;
import java.util.Map;
import java.util.Optional;

/**
 * What one method reached under one seed.
 *
 * @param figures by name, shares of 1
 * @param correct by the name of a figure that is an accuracy: whether each test image was answered right, in the order of the data
 * @param matrix class-incremental: accuracy on the classes of wave i (row) after wave j (column), NaN before it; else empty
 * @param context the learned context, if there is one for all images
 */
public record RunOutcome(Map<String, Double> figures, Map<String, boolean[]> correct, double[][] matrix, Optional<Context> context) {}
