package dev.promptgate.learning.memory;

/** One training image of a class, by its L2-normalised image feature. */
public record Shot(String imageId, String label, float[] feature) {}
