package dev.promptgate.learning.loss;

/**
 * The images of one step.
 *
 * @param images [batch][dim], L2-normalised
 * @param labels class index of each image
 */
public record Batch(float[][] images, int[] labels) {}
