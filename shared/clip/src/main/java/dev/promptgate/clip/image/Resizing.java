package dev.promptgate.clip.image;

import dev.promptgate.clip.image.ImageRejectedException.Fault;
import java.util.Arrays;

/**
 * How an image of any shape becomes a square, as torchvision and open_clip do it on Pillow's images.
 *
 * @param fill grey of the bars that {@link Mode#LONGEST} leaves, 0 to 255
 */
public record Resizing(Mode mode, Filter filter, int fill) {
    /** What OpenAI's CLIP does, and most others. */
    public static final Resizing CLIP = new Resizing(Mode.SHORTEST, Filter.BICUBIC, 0);

    /** Which side takes the square's size. */
    public enum Mode {
        /** The shorter one, and what then sticks out of the longer one is cut off. */
        SHORTEST,
        /** Both sides, whatever the image's shape. */
        SQUASH,
        /** The longer one, and bars fill the rest. */
        LONGEST
    }

    /** Pillow's antialiased filters. */
    public enum Filter {
        /** Keys' cubic convolution kernel with a = −0.5. */
        BICUBIC(2) {
            @Override
            double weight(double x) {
                double a = -0.5;
                double t = Math.abs(x);
                if (t < 1) {
                    return ((a + 2) * t - (a + 3)) * t * t + 1;
                }
                return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
            }
        },
        BILINEAR(1) {
            @Override
            double weight(double x) {
                return Math.max(0, 1 - Math.abs(x));
            }
        };

        private final int support;

        Filter(int support) {
            this.support = support;
        }

        /** Where the weight ends, in pixels of the smaller of the two images. */
        int support() {
            return support;
        }

        abstract double weight(double x);
    }

    /** The image as a square: [size · size · 3], interleaved; no image on the way there has more pixels than the limit. */
    byte[] square(RgbImage image, int size, long maxPixels) throws ImageRejectedException {
        return switch (mode) {
            case SHORTEST -> shortest(image, size, maxPixels);
            case SQUASH -> resized(image, size, size, maxPixels);
            case LONGEST -> longest(image, size, maxPixels);
        };
    }

    /** How many times smaller {@link #square} makes an image of this size, along the side where it is less. */
    double shrinking(double width, double height, int size) {
        return (mode == Mode.LONGEST ? Math.max(width, height) : Math.min(width, height)) / size;
    }

    /** The most that {@link #square} allocates for an image of this size. */
    long workBytes(int width, int height, int size) {
        int shorter = Math.min(width, height);
        long rows = mode == Mode.SHORTEST ? Math.min(height, 2L * shorter + 8) : height; // what sticks out is not computed
        return Resampler.workBytes(width, height, (int) rows, size);
    }

    private byte[] shortest(RgbImage image, int size, long maxPixels) throws ImageRejectedException {
        int shorter = Math.min(image.width(), image.height());
        long longer = (long) size * Math.max(image.width(), image.height()) / shorter; // torchvision cuts the fraction off
        if (longer > maxPixels) {
            throw tooElongated(image);
        }
        int width = image.width() <= image.height() ? size : (int) longer;
        int height = image.width() <= image.height() ? (int) longer : size;
        int left = (int) Math.rint((width - size) / 2.0); // Python's round: halves to even
        int top = (int) Math.rint((height - size) / 2.0);
        return Resampler.resizeAndCrop(image, filter, width, height, left, top, size);
    }

    private byte[] longest(RgbImage image, int size, long maxPixels) throws ImageRejectedException {
        double ratio = Math.max(image.height() / (double) size, image.width() / (double) size);
        int width = (int) Math.rint(image.width() / ratio);
        int height = (int) Math.rint(image.height() / ratio);
        if (width == 0 || height == 0) {
            throw tooElongated(image);
        }
        byte[] inner = resized(image, width, height, maxPixels);
        byte[] square = new byte[size * size * 3];
        Arrays.fill(square, (byte) fill);
        for (int y = 0; y < height; y++) {
            System.arraycopy(inner, y * width * 3, square, (((size - height) / 2 + y) * size + (size - width) / 2) * 3, width * 3);
        }
        return square;
    }

    private byte[] resized(RgbImage image, int width, int height, long maxPixels) throws ImageRejectedException {
        if ((long) image.height() * width > maxPixels) { // what lies between the two passes
            throw tooElongated(image);
        }
        return Resampler.resize(image, filter, width, height);
    }

    private static ImageRejectedException tooElongated(RgbImage image) {
        return new ImageRejectedException(Fault.TOO_MANY_PIXELS,
                "The image is too elongated to be resized [width: %d, height: %d]".formatted(image.width(), image.height()));
    }
}
