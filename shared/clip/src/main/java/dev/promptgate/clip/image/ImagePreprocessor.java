package dev.promptgate.clip.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.image.ImageRejectedException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * CLIP's preprocessing as Pillow and torchvision do it: RGB, upright, shorter side to the model's size with antialiased bicubic, centre
 * crop, /255, mean and standard deviation. Pure Java, thread-safe.
 *
 * @param size side of the result, pixels
 * @param mean per channel, of values in [0, 1]; read-only
 * @param std per channel; read-only
 */
public record ImagePreprocessor(int size, float[] mean, float[] std, ImageLimits limits) {
    private static final float[] CLIP_MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    private static final float[] CLIP_STD = {0.26862954f, 0.26130258f, 0.27577711f};
    private static final int PILLOW_BICUBIC = 3;

    /**
     * The preprocessing that a model directory asks for; CLIP's own where the file is absent or {@code directory} is null.
     *
     * @param imageSize the image tower's input, which the file must agree with
     * @throws ModelException if the file cannot be read, or asks for what CLIP does not do
     */
    public static ImagePreprocessor read(Path directory, int imageSize) {
        Path file = directory == null ? null : directory.resolve("preprocessor_config.json");
        if (file == null || !Files.exists(file)) {
            return new ImagePreprocessor(imageSize, CLIP_MEAN, CLIP_STD, ImageLimits.DEFAULT);
        }
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
            int size = side(root.path("crop_size"), "height", imageSize);
            if (size != imageSize || side(root.path("size"), "shortest_edge", imageSize) != imageSize) {
                throw new ModelException(
                        "preprocessor_config.json and config.json name different image sizes [preprocessor: %d, config: %d, file: %s]"
                                .formatted(size, imageSize, file));
            }
            if (root.path("resample").asInt(PILLOW_BICUBIC) != PILLOW_BICUBIC) {
                throw new ModelException(
                        "Only bicubic resampling (3) is supported [resample: %s, file: %s]".formatted(root.path("resample"), file));
            }
            return new ImagePreprocessor(size, channels(root.path("image_mean"), CLIP_MEAN), channels(root.path("image_std"), CLIP_STD),
                    ImageLimits.DEFAULT);
        } catch (IOException e) {
            throw new ModelException("preprocessor_config.json cannot be read as JSON [file: " + file + "]", e);
        }
    }

    private static int side(JsonNode node, String key, int absent) {
        return node.isInt() ? node.asInt() : node.path(key).asInt(absent);
    }

    private static float[] channels(JsonNode node, float[] absent) {
        return node.size() != 3 ? absent
                : new float[] {(float) node.get(0).asDouble(), (float) node.get(1).asDouble(), (float) node.get(2).asDouble()};
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
     * shape, and mirrored if so wished, in the order of torchvision's training transforms. The resampling sees nothing beyond the cut.
     *
     * @throws ImageRejectedException as {@link #preprocess}
     * @throws IllegalArgumentException if a cut reaches beyond the image
     */
    public List<float[]> preprocessCrops(byte[] file, List<Crop.Rule> rules) throws ImageRejectedException {
        RgbImage image = ImageDecoder.decode(file, limits);
        List<float[]> all = new ArrayList<>(rules.size());
        for (Crop.Rule rule : rules) {
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

    /** The resized and cropped image before normalisation, [size · size · 3] interleaved RGB. */
    public byte[] rgbCrop(byte[] file) throws ImageRejectedException {
        RgbImage image = ImageDecoder.decode(file, limits);
        int shorter = Math.min(image.width(), image.height());
        long longer = (long) size * Math.max(image.width(), image.height()) / shorter; // torchvision cuts the fraction off
        if (longer > limits.maxPixels()) {
            throw new ImageRejectedException(Fault.TOO_MANY_PIXELS, "The image is too elongated to be resized [width: %d, height: %d]"
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
