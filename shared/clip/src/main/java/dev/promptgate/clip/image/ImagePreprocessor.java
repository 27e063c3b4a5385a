package dev.promptgate.clip.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    public ImagePreprocessor withLimits(ImageLimits other) {
        return new ImagePreprocessor(size, mean, std, other);
    }

    /**
     * From an image file to normalised pixels [3 · size · size] in CHW order.
     *
     * @throws ImageRejectedException whatever is wrong with the bytes
     */
    public float[] preprocess(byte[] file) throws ImageRejectedException {
        return normalised(rgbCrop(file));
    }

    /**
     * {@link #preprocess} for several cuts of one image, which is decoded once: each is cut out, resized to the model's size whatever its
     * shape, and
     * mirrored if so wished, in the order of torchvision's training transforms. The resampling sees nothing beyond the cut.
     *
     * @throws ImageRejectedException as {@link #preprocess}
     * @throws IllegalArgumentException if a cut reaches beyond the image
     */
    public List<float[]> preprocessCrops(byte[] file, List<CropRule> rules) throws ImageRejectedException {
        RgbImage image = ImageDecoder.decode(file, limits);
        List<float[]> all = new ArrayList<>(rules.size());
        for (CropRule rule : rules) {
            Crop crop = rule.crop(image.width(), image.height());
            RgbImage cut = image.cut(crop);
            RgbImage resized = new RgbImage(size, size, BicubicResampler.resizeAndCrop(cut, size, size, 0, 0, size));
            all.add(normalised((crop.mirrored() ? resized.upright(RgbImage.MIRRORED) : resized).rgb()));
        }
        return all;
    }

    private float[] normalised(byte[] rgb) {
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

    /** What pixels depend on beside the file; the limits are left out, since they only refuse. */
    @Override
    public String toString() {
        return "ImagePreprocessor[size: %d, mean: %s, std: %s]".formatted(size, Arrays.toString(mean), Arrays.toString(std));
    }
}
