package dev.promptgate.clip.image;

/**
 * What an image file may ask for; checked before anything is decoded.
 *
 * @param maxPixels width × height
 * @param maxBytes size of the file
 */
public record ImageLimits(long maxPixels, int maxBytes) {
    public static final ImageLimits DEFAULT = new ImageLimits(50_000_000, 20 << 20);
}
