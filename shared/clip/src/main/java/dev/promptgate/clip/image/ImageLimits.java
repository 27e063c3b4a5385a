package dev.promptgate.clip.image;

/** What an image file may ask for, width × height and bytes; checked before anything is decoded. */
public record ImageLimits(long maxPixels, int maxBytes) {
    public static final ImageLimits DEFAULT = new ImageLimits(50_000_000, 20 << 20);
}
