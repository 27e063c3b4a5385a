package dev.promptgate.experiments.method;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.features.Sample;
import java.util.List;

/**
 * What a method is to learn.
 *
 * @param classes the names to tell apart, at least two
 * @param contextInit the hand-written words that the context starts from
 * @param seed of the order of the batches, and of whatever else is random
 */
public record TrainingTask(ClipModel model, List<String> classes, List<Sample> samples, String contextInit,
        TrainingSettings settings, long seed) {}
