package dev.promptgate.clip.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;

/** Eight-bit RGB, interleaved: [height · width · 3]. */
record RgbImage(int width, int height, byte[] rgb) {
    /** The EXIF orientation of an image with left and right swapped. */
    static final int MIRRORED = 2;
    private static final int MOST = 255;
    private static final int HIGH_BYTE = 8;

    /**
     * Converts as Pillow's {@code convert("RGB")} does: alpha dropped, palettes looked up, grey repeated, colour profiles ignored. Of
     * 16-bit samples the high byte is kept. The raster is read directly, since {@link BufferedImage#getRGB} bends grey by a gamma curve.
     */
    static RgbImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        Raster raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        if (colors instanceof IndexColorModel palette) {
            fromPalette(raster, palette, rgb);
        } else if (!fromInterleavedBytes(raster, rgb)) {
            fromSamples(raster, rgb);
        }
        return new RgbImage(width, height, rgb);
    }

    private static void fromPalette(Raster raster, IndexColorModel palette, byte[] rgb) {
        int[] row = new int[raster.getWidth()];
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int index : row) {
                rgb[at++] = (byte) palette.getRed(index);
                rgb[at++] = (byte) palette.getGreen(index);
                rgb[at++] = (byte) palette.getBlue(index);
            }
        }
    }

    /** The usual case, JPEG and PNG: bytes side by side, in any band order. */
    private static boolean fromInterleavedBytes(Raster raster, byte[] rgb) {
        if (!(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
                || !(raster.getDataBuffer() instanceof DataBufferByte data)
                || raster.getMinX() != raster.getSampleModelTranslateX() || raster.getMinY() != raster.getSampleModelTranslateY()) {
            return false;
        }
        byte[] bytes = data.getData();
        int[] offsets = model.getBandOffsets();
        int red = offsets[0];
        int green = offsets[offsets.length < 3 ? 0 : 1];
        int blue = offsets[offsets.length < 3 ? 0 : 2];
        int step = model.getPixelStride();
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            int from = data.getOffset() + y * model.getScanlineStride();
            for (int x = 0; x < raster.getWidth(); x++, from += step) {
                rgb[at++] = bytes[from + red];
                rgb[at++] = bytes[from + green];
                rgb[at++] = bytes[from + blue];
            }
        }
        return true;
    }

    private static void fromSamples(Raster raster, byte[] rgb) {
        int bands = raster.getNumBands();
        int[] most = new int[bands];
        Arrays.setAll(most, band -> (1 << raster.getSampleModel().getSampleSize(band)) - 1);
        int[] row = new int[raster.getWidth() * bands];
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int x = 0; x < row.length; x += bands) {
                for (int c = 0; c < 3; c++) {
                    int band = bands < 3 ? 0 : c;
                    rgb[at++] = (byte) (most[band] > MOST ? row[x + band] >> HIGH_BYTE : row[x + band] * MOST / most[band]);
                }
            }
        }
    }

    /** Every n-th pixel of every n-th row. */
    RgbImage every(int n) {
        if (n == 1) {
            return this;
        }
        RgbImage fewer = filled((width + n - 1) / n, (height + n - 1) / n, 0);
        for (int y = 0; y < fewer.height; y++) {
            for (int x = 0; x < fewer.width; x++) {
                System.arraycopy(rgb, (y * n * width + x * n) * 3, fewer.rgb, (y * fewer.width + x) * 3, 3);
            }
        }
        return fewer;
    }

    static RgbImage filled(int width, int height, int color) {
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        for (int i = 0; color != 0 && i < rgb.length; i += 3) {
            rgb[i] = (byte) (color >> 16);
            rgb[i + 1] = (byte) (color >> 8);
            rgb[i + 2] = (byte) color;
        }
        return new RgbImage(width, height, rgb);
    }

    /** This image with as much of another on it as there is room for; it is drawn on, not copied. */
    RgbImage with(RgbImage other, int left, int top) {
        int columns = Math.min(other.width, width - left);
        for (int y = 0; y < Math.min(other.height, height - top); y++) {
            System.arraycopy(other.rgb, y * other.width * 3, rgb, ((top + y) * width + left) * 3, columns * 3);
        }
        return this;
    }

    /** The image turned upright, given its EXIF orientation (1 to 8; anything else leaves it alone). */
    RgbImage upright(int orientation) {
        if (orientation < 2 || orientation > 8) {
            return this;
        }
        boolean transposed = orientation >= 5;
        boolean flippedAcross = orientation == 2 || orientation == 3 || orientation >= 7;
        boolean flippedDown = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int w = transposed ? height : width;
        int h = transposed ? width : height;
        byte[] turned = new byte[rgb.length];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int across = transposed ? y : x;
                int down = transposed ? x : y;
                int from = (flippedDown ? height - 1 - down : down) * width + (flippedAcross ? width - 1 - across : across);
                System.arraycopy(rgb, from * 3, turned, (y * w + x) * 3, 3);
            }
        }
        return new RgbImage(w, h, turned);
    }

    /** The rectangle of a crop, not mirrored. */
    RgbImage cut(Crop crop) {
        if (crop.left() < 0 || crop.top() < 0 || crop.width() < 1 || crop.height() < 1
                || crop.left() > width - crop.width() || crop.top() > height - crop.height()) {
            throw new IllegalArgumentException(
                    "A crop must lie within the image [crop: %s, width: %d, height: %d]".formatted(crop, width, height));
        }
        byte[] part = new byte[crop.width() * crop.height() * 3];
        for (int y = 0; y < crop.height(); y++) {
            System.arraycopy(rgb, ((crop.top() + y) * width + crop.left()) * 3, part, y * crop.width() * 3, crop.width() * 3);
        }
        return new RgbImage(crop.width(), crop.height(), part);
    }
}
