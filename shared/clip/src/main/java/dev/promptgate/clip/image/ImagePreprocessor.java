package dev.promptgate.clip.image;

/**
 * CLIP's preprocessing as Pillow and torchvision do it: RGB, upright, shorter side to the model's size with antialiased bicubic, centre
 * crop, /255, mean and standard deviation. Pure Java, thread-safe.
 */
public final class ImagePreprocessor {
    private final int size;
    private final float[] mean;
    private final float[] std;
    private final ImageLimits limits;

    /**
     * @param size side of the result, pixels
     * @param mean per channel, of values in [0, 1]
     * @param std per channel
     */
    public ImagePreprocessor(int size, float[] mean, float[] std, ImageLimits limits) {
        this.size = size;
        this.mean = mean.clone();
        this.std = std.clone();
        this.limits = limits;
    }

    /** The same with other limits. */
    public ImagePreprocessor withLimits(ImageLimits other) {
        return new ImagePreprocessor(size, mean, std, other);
    }

    /**
     * From an image file to normalised pixels [3 · size · size] in CHW order.
     *
     * @throws ImageRejectedException whatever is wrong with the bytes
     */
    public float[] preprocess(byte[] file) throws ImageRejectedException {
        byte[] rgb = rgbCrop(file);
        int plane = size * size;
        float[] pixels = new float[3 * plane];
        for (int c = 0; c < 3; c++) {
            float scale = 1 / (255 * std[c]);
            float shift = -mean[c] / std[c];
            for (int i = 0; i < plane; i++) {
                pixels[c * plane + i] = (rgb[3 * i + c] & 0xFF) * scale + shift;
            }
        }
        return pixels;
    }

    /**
     * The resized and cropped image before normalisation, [size · size · 3] interleaved RGB.
     *
     * @throws ImageRejectedException as {@link #preprocess}
     */
    public byte[] rgbCrop(byte[] file) throws ImageRejectedException {
        RgbImage image = ImageDecoder.decode(file, limits);
        int shorter = Math.min(image.width(), image.height());
        long longer = (long) size * Math.max(image.width(), image.height()) / shorter; // torchvision cuts the fraction off
        if (longer > limits.maxPixels()) {
            throw new ImageRejectedException(ImageFault.TOO_MANY_PIXELS, "The image is too elongated to be resized [width: %d, height: %d]"
                    .formatted(image.width(), image.height()));
        }
        int width = image.width() <= image.height() ? size : (int) longer;
        int height = image.width() <= image.height() ? (int) longer : size;
        int left = (int) Math.rint((width - size) / 2.0); // Python's round: halves to even
        int top = (int) Math.rint((height - size) / 2.0);
        return BicubicResampler.resizeAndCrop(image, width, height, left, top, size);
    }
}
