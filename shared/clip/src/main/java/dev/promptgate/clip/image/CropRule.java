package dev.promptgate.clip.image;

/** Chooses what to cut out of an image, whose size is known only once it is decoded. */
@FunctionalInterface
public interface CropRule {
    /** The crop of an upright image of this size, within its bounds. */
    Crop crop(int width, int height);
}
