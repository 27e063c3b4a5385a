package dev.promptgate.clip.image;

import dev.promptgate.clip.image.ImageDecoder.Wish;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Image files made small for a page. Thread-safe. */
public final class Thumbnail {
    private static final float QUALITY = 0.85f;
    /** Of a pixel of the result: resizing from twice to four times the side, RGB, and what a JPEG encoder takes. */
    private static final long WORK_BYTES = 64;

    private Thumbnail() {}

    /**
     * The image, upright, as a JPEG without metadata; one that is small already keeps its size. Of a large image only as many pixels are
     * decoded as are needed.
     *
     * @param longestSide of the result, pixels
     * @throws ImageRejectedException whatever is wrong with the bytes
     */
    public static byte[] jpeg(byte[] file, int longestSide, ImageLimits limits) throws ImageRejectedException {
        Wish small = new Wish(2 * longestSide, (width, height) -> 1, (width, height) -> WORK_BYTES * longestSide * longestSide);
        return ImageDecoder.decode(file, limits, small, image -> jpeg(image, longestSide));
    }

    private static byte[] jpeg(RgbImage image, int longestSide) {
        double scale = Math.min(1, (double) longestSide / Math.max(image.width(), image.height()));
        int width = Math.max(1, (int) Math.rint(scale * image.width()));
        int height = Math.max(1, (int) Math.rint(scale * image.height()));
        return encode(width, height, scale < 1 ? Resampler.resize(image, Resizing.Filter.BICUBIC, width, height) : image.rgb());
    }

    private static byte[] encode(int width, int height, byte[] rgb) {
        BufferedImage pixels = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0, y = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i += 3) {
                pixels.setRGB(x, y, (rgb[i] & 0xFF) << 16 | (rgb[i + 1] & 0xFF) << 8 | rgb[i + 2] & 0xFF);
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam quality = writer.getDefaultWriteParam();
            quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            quality.setCompressionQuality(QUALITY);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(pixels, null, null), quality);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory can always be written to", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
