package dev.promptgate.experiments.protocol;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.features.FeatureSet;
import java.util.List;

/**
 * What all methods of a comparison share.
 *
 * @param targets other data to test on
 * @param contextInit the hand-written words
 * @param waves of the class-incremental protocol
 */
public record ComparisonSetting(ClipModel model, FeatureSet data, List<FeatureSet> targets, String contextInit, int waves) {}
