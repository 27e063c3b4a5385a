package dev.promptgate.clip.image;

/** A rectangle of an upright image, pixels; if {@code mirrored}, left and right are swapped after cutting. */
public record Crop(int left, int top, int width, int height, boolean mirrored) {
    /** Chooses what to cut out of an image, whose size is known only once it is decoded. */
    @FunctionalInterface
    public interface Rule {
        /** The crop of an upright image of this size, within its bounds. */
        Crop crop(int width, int height);
    }
}
