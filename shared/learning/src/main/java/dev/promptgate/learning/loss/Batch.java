package dev.promptgate.learning.loss;

/** The images of one step [batch][dim], L2-normalised, and the class index of each. */
public record Batch(float[][] images, int[] labels) {}
