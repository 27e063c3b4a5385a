package dev.promptgate.clip.image;

/**
 * A rectangle of an upright image, pixels.
 *
 * @param mirrored whether left and right are swapped after cutting
 */
public record Crop(int left, int top, int width, int height, boolean mirrored) {}
