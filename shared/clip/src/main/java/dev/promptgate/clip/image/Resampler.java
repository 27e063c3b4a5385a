package dev.promptgate.clip.image;

import dev.promptgate.clip.image.Resizing.Filter;
import java.util.Arrays;

/**
 * Antialiased resampling with Pillow's fixed-point arithmetic, bit for bit: a horizontal pass, then a vertical one, each rounded to 8 bits.
 * No library does this exactly, and CLIP's features depend on it. Only the wanted window is computed.
 */
final class Resampler {
    private static final int PRECISION_BITS = 32 - 8 - 2;
    /** Of a pixel of the input's sides: four weights, as ints and once as doubles. */
    private static final long TAP_BYTES = 4 * (Integer.BYTES + Double.BYTES);
    /** Of the result and what is made of it: bytes, floats, and lists of weights that are short. */
    private static final long PIXEL_BYTES = 32;

    private Resampler() {}

    /**
     * The most that resizing allocates.
     *
     * @param rows of the image that the result depends on
     * @param size longest side of the result
     */
    static long workBytes(int width, int height, int rows, int size) {
        return TAP_BYTES * ((long) width + height) + 3L * size * rows + PIXEL_BYTES * size * size;
    }

    /** Where each output sample looks, and with which weights. */
    private record Taps(int[] first, int[][] weights) {}

    /** Resizes to {@code width} × {@code height} and cuts out a square at (left, top): [crop · crop · 3], interleaved. */
    static byte[] resizeAndCrop(RgbImage image, Filter filter, int width, int height, int left, int top, int crop) {
        Taps across = taps(filter, image.width(), width, left, crop);
        Taps down = taps(filter, image.height(), height, top, crop);
        int firstRow = down.first()[0];
        int lastRow = down.first()[crop - 1] + down.weights()[crop - 1].length;
        byte[] narrow = horizontal(image, across, firstRow, lastRow, crop);
        return vertical(narrow, down, firstRow, crop);
    }

    /** Resizes the whole image to {@code width} × {@code height}: [height · width · 3], interleaved. */
    static byte[] resize(RgbImage image, Filter filter, int width, int height) {
        byte[] narrow = horizontal(image, taps(filter, image.width(), width, 0, width), 0, image.height(), width);
        return vertical(narrow, taps(filter, image.height(), height, 0, height), 0, width);
    }

    private static byte[] horizontal(RgbImage image, Taps taps, int firstRow, int lastRow, int crop) {
        byte[] out = new byte[(lastRow - firstRow) * crop * 3];
        byte[] bytes = image.bytes();
        RgbImage.Layout layout = image.layout();
        int red = layout.red();
        int green = layout.green();
        int blue = layout.blue();
        for (int y = firstRow, at = 0; y < lastRow; y++) {
            int row = layout.first() + y * layout.down();
            for (int x = 0; x < crop; x++) {
                int[] weights = taps.weights()[x];
                int from = row + taps.first()[x] * layout.across();
                int r = 1 << (PRECISION_BITS - 1);
                int g = r;
                int b = r;
                for (int weight : weights) {
                    r += (bytes[from + red] & 0xFF) * weight;
                    g += (bytes[from + green] & 0xFF) * weight;
                    b += (bytes[from + blue] & 0xFF) * weight;
                    from += layout.across();
                }
                out[at++] = clip(r);
                out[at++] = clip(g);
                out[at++] = clip(b);
            }
        }
        return out;
    }

    private static byte[] vertical(byte[] narrow, Taps taps, int firstRow, int width) {
        int rowBytes = width * 3;
        int rows = taps.first().length;
        byte[] out = new byte[rows * rowBytes];
        int[] sums = new int[rowBytes];
        for (int y = 0; y < rows; y++) {
            Arrays.fill(sums, 1 << (PRECISION_BITS - 1));
            int from = (taps.first()[y] - firstRow) * rowBytes;
            for (int weight : taps.weights()[y]) {
                for (int i = 0; i < rowBytes; i++) {
                    sums[i] += (narrow[from + i] & 0xFF) * weight;
                }
                from += rowBytes;
            }
            for (int i = 0; i < rowBytes; i++) {
                out[y * rowBytes + i] = clip(sums[i]);
            }
        }
        return out;
    }

    private static byte clip(int fixedPoint) {
        int value = fixedPoint >> PRECISION_BITS;
        return (byte) (value < 0 ? 0 : Math.min(value, 255));
    }

    private static Taps taps(Filter filter, int in, int out, int offset, int count) {
        double scale = (double) in / out;
        double filterScale = Math.max(scale, 1);
        double support = filter.support() * filterScale;
        int[] first = new int[count];
        int[][] weights = new int[count][];
        for (int i = 0; i < count; i++) {
            double center = (offset + i + 0.5) * scale;
            int from = Math.max(0, (int) (center - support + 0.5));
            int to = Math.min(in, (int) (center + support + 0.5));
            double[] exact = new double[to - from];
            double sum = 0;
            for (int x = 0; x < exact.length; x++) {
                exact[x] = filter.weight((x + from - center + 0.5) / filterScale);
                sum += exact[x];
            }
            first[i] = from;
            weights[i] = new int[exact.length];
            for (int x = 0; x < exact.length; x++) {
                double scaled = (sum == 0 ? exact[x] : exact[x] / sum) * (1 << PRECISION_BITS);
                weights[i][x] = (int) (scaled + (scaled < 0 ? -0.5 : 0.5));
            }
        }
        return new Taps(first, weights);
    }
}
