package dev.promptgate.clip.image;

import dev.promptgate.clip.image.RgbImage.Layout;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.util.Arrays;
import java.util.Optional;

/**
 * From ImageIO's rasters to RGB as by Pillow's {@code convert("RGB")}: alpha dropped, palettes looked up, grey repeated, colour profiles
 * ignored. Of 16-bit samples the high byte is kept. Rasters are read directly, since {@link BufferedImage#getRGB} bends grey by a gamma
 * curve; those of bytes side by side, which JPEG and most PNG have, are not copied.
 */
final class RgbPixels {
    private static final int MOST = 255;
    private static final int HIGH_BYTE = 8;

    private RgbPixels() {}

    static RgbImage of(BufferedImage image) {
        Raster raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        return colors instanceof IndexColorModel palette ? fromPalette(raster, palette)
                : fromInterleavedBytes(raster).orElseGet(() -> fromSamples(raster));
    }

    private static RgbImage fromPalette(Raster raster, IndexColorModel palette) {
        RgbImage image = RgbImage.filled(raster.getWidth(), raster.getHeight(), 0);
        byte[] rgb = image.bytes();
        int[] row = new int[raster.getWidth()];
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int index : row) {
                rgb[at++] = (byte) palette.getRed(index);
                rgb[at++] = (byte) palette.getGreen(index);
                rgb[at++] = (byte) palette.getBlue(index);
            }
        }
        return image;
    }

    private static Optional<RgbImage> fromInterleavedBytes(Raster raster) {
        if (!(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
                || !(raster.getDataBuffer() instanceof DataBufferByte data)
                || raster.getMinX() != raster.getSampleModelTranslateX() || raster.getMinY() != raster.getSampleModelTranslateY()) {
            return Optional.empty();
        }
        int[] offsets = model.getBandOffsets();
        boolean grey = offsets.length < 3;
        Layout layout = new Layout(data.getOffset(), model.getPixelStride(), model.getScanlineStride(), offsets[0], offsets[grey ? 0 : 1],
                offsets[grey ? 0 : 2]);
        return Optional.of(new RgbImage(raster.getWidth(), raster.getHeight(), data.getData(), layout));
    }

    private static RgbImage fromSamples(Raster raster) {
        RgbImage image = RgbImage.filled(raster.getWidth(), raster.getHeight(), 0);
        byte[] rgb = image.bytes();
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
        return image;
    }
}
