package dev.promptgate.clip.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/** Eight-bit RGB, interleaved: [height · width · 3]. */
record RgbImage(int width, int height, byte[] rgb) {
    /** The EXIF orientation of an image with left and right swapped. */
    static final int MIRRORED = 2;

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
            fromSamples(raster, sampleShift(raster), rgb);
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

    private static int sampleShift(Raster raster) {
        int type = raster.getDataBuffer().getDataType();
        int bits = raster.getSampleModel().getSampleSize(0);
        return type == DataBuffer.TYPE_USHORT && bits == 16 ? 8 : bits - 8;
    }

    private static void fromSamples(Raster raster, int shift, byte[] rgb) {
        int bands = raster.getNumBands();
        int[] row = new int[raster.getWidth() * bands];
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int x = 0; x < row.length; x += bands) {
                for (int c = 0; c < 3; c++) {
                    int sample = row[x + (bands < 3 ? 0 : c)];
                    rgb[at++] = (byte) (shift >= 0 ? sample >> shift : sample * 255 / ((1 << (8 + shift)) - 1));
                }
            }
        }
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
