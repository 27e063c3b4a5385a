package dev.promptgate.experiments.features;

import java.util.List;

/**
 * What encoding an image set came to. A view counts once, however many images have the same bytes.
 *
 * @param encoded views that the model encoded in this run
 * @param cached views that came from the cache
 * @param notes a line for whatever should be known: damaged cache files, test images among the training images
 */
public record Encoding(FeatureSet features, int encoded, int cached, List<String> notes) {}
