package dev.promptgate.clip.image;

/** Decoded images, kept, as no use in production may. */
final class Decoded {
    private Decoded() {}

    static RgbImage of(byte[] file, ImageLimits limits) throws ImageRejectedException {
        return ImageDecoder.decode(file, limits, ImageDecoder.Wish.whole((width, height) -> 0), image -> image);
    }
}
