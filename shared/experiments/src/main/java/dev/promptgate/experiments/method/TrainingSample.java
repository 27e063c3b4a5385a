package dev.promptgate.experiments.method;

/**
 * A training image: its feature, and those of augmented views of it.
 *
 * @param classIndex index into the task's classes
 * @param views [1 + augmented views][dim], L2-normalised; the first is the image as it is
 */
public record TrainingSample(int classIndex, float[][] views) {}
