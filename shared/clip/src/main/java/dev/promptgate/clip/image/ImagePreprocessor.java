package dev.promptgate.clip.image;

import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.image.ImageDecoder.Wish;
import dev.promptgate.clip.image.jpeg.ScaledJpeg;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * CLIP's preprocessing as Pillow and torchvision do it: RGB, upright, resized to a square of the model's size, /255, mean and standard
 * deviation. Pure Java, thread-safe.
 *
 * @param size side of the result, pixels
 * @param mean per channel, of values in [0, 1]; read-only
 * @param std per channel; read-only
 * @param jpegReducingGap {@link #WHOLE}, or how many times larger than the result a JPEG must be at least that is decoded at reduced size
 */
public record ImagePreprocessor(int size, float[] mean, float[] std, Resizing resizing, ImageLimits limits, double jpegReducingGap) {
    /** The reducing gap that has JPEG decoded whole, to the pixels that CLIP was trained on. */
    public static final double WHOLE = 0;

    /**
     * @throws IllegalArgumentException if the gap is below 1 and not {@link #WHOLE}
     * @throws ModelException if this machine cannot decode an accepted format, which is better known before the first image
     */
    public ImagePreprocessor {
        if (jpegReducingGap != WHOLE && !(jpegReducingGap >= 1)) {
            throw new IllegalArgumentException("The reducing gap must be 0 or at least 1 [found: " + jpegReducingGap + "]");
        }
        LibWebp.require();
        if (jpegReducingGap != WHOLE) {
            ScaledJpeg.require();
        }
    }

    /** One that decodes JPEG whole. */
    public ImagePreprocessor(int size, float[] mean, float[] std, Resizing resizing, ImageLimits limits) {
        this(size, mean, std, resizing, limits, WHOLE);
    }

    /** What OpenAI's CLIP does at this size. */
    public static ImagePreprocessor clip(int size) {
        return new ImagePreprocessor(size, PreprocessorFile.CLIP_MEAN.clone(), PreprocessorFile.CLIP_STD.clone(), Resizing.CLIP,
                ImageLimits.DEFAULT);
    }

    /**
     * The preprocessing that a model asks for: of open_clip's own configuration file {@code preprocess_cfg}; of a directory Hugging Face's
     * {@code processor_config.json} or {@code preprocessor_config.json}, or {@code open_clip_config.json} if that is its only configuration
     * file. CLIP's own where there is none, or {@code location} is null.
     *
     * @param imageSize the image tower's input, which the file must agree with
     * @throws ModelException naming the key, if the file cannot be read or asks for what is not done here
     */
    public static ImagePreprocessor read(Path location, int imageSize) {
        return location == null ? clip(imageSize) : PreprocessorFile.read(location, imageSize);
    }

    public ImagePreprocessor withLimits(ImageLimits other) {
        return new ImagePreprocessor(size, mean, std, resizing, other, jpegReducingGap);
    }

    /**
     * The same with JPEG decoded at a half, a quarter or an eighth of its size if that is still so many times larger than the result:
     * Pillow's {@code reducing_gap}, by libjpeg's scaled inverse DCT. Pixels differ slightly, and the smaller the gap, the more.
     */
    public ImagePreprocessor withJpegReducingGap(double gap) {
        return new ImagePreprocessor(size, mean, std, resizing, limits, gap);
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
     * shape, and mirrored if so wished, in the order of torchvision's training transforms. The resampling sees nothing beyond the cut. JPEG
     * is decoded whole, since cuts may be small.
     *
     * @throws ImageRejectedException as {@link #preprocess}
     * @throws IllegalArgumentException if a cut reaches beyond the image
     */
    public List<float[]> preprocessCrops(byte[] file, List<Crop.Rule> rules) throws ImageRejectedException {
        Wish all = Wish.whole((width, height) -> Resampler.workBytes((int) width, (int) height, (int) height, size));
        return ImageDecoder.decode(file, limits, all, image -> rules.stream().map(rule -> preprocessed(image, rule)).toList());
    }

    private float[] preprocessed(RgbImage image, Crop.Rule rule) {
        Crop crop = rule.crop(image.width(), image.height());
        RgbImage resized = RgbImage.interleaved(size, size, Resampler.resize(image.cut(crop), resizing.filter(), size, size));
        return normalised((crop.mirrored() ? resized.upright(RgbImage.MIRRORED) : resized).rgb());
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
        Wish all = new Wish(Integer.MAX_VALUE, this::jpegShrinking,
                (width, height) -> resizing.workBytes((int) width, (int) height, size));
        return ImageDecoder.decode(file, limits, all, image -> resizing.square(image, size, limits.maxPixels()));
    }

    private double jpegShrinking(double width, double height) {
        return jpegReducingGap == WHOLE ? 1 : resizing.shrinking(width, height, size) / jpegReducingGap;
    }

    /** What pixels depend on beside the file; the limits are left out, since they only refuse. */
    @Override
    public String toString() {
        return "ImagePreprocessor[size: %d, mean: %s, std: %s%s%s]".formatted(size, Arrays.toString(mean), Arrays.toString(std),
                resizing.equals(Resizing.CLIP) ? "" : ", " + resizing, // left out where it was before there was a choice
                jpegReducingGap == WHOLE ? "" : ", JPEG reducing gap: " + jpegReducingGap);
    }
}
