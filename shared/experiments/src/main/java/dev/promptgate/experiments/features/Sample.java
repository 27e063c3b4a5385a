package dev.promptgate.experiments.features;

/**
 * The features of one image.
 *
 * @param classIndex index into the classes of its set, or of the task that it was drawn for
 * @param views [1 + augmented views][dim], L2-normalised; the first is the image as it is. Test images have that one only
 */
public record Sample(String id, int classIndex, float[][] views) {}
