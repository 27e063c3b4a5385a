package dev.promptgate.benchmarks.measure;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Drawn JPEG files of shape 4:3 that are as large as those of telephones: soft shapes, and the noise of a sensor. */
final class Photograph {
    private static final int SHAPE = 24;
    private static final int NOISE = 16;

    private Photograph() {}

    /** About 1.4 bits a pixel. */
    static byte[] jpeg(int megapixels) throws IOException {
        int width = (int) Math.sqrt(megapixels * 1e6 * 4 / 3);
        int height = (int) (megapixels * 1e6 / width);
        Random random = new Random(megapixels);
        BufferedImage shapes = new BufferedImage(width / SHAPE, height / SHAPE, BufferedImage.TYPE_3BYTE_BGR);
        random.nextBytes(((DataBufferByte) shapes.getRaster().getDataBuffer()).getData());
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(shapes, 0, 0, width, height, null);
        graphics.dispose();
        byte[] pixels = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, (pixels[i] & 0xFF) + random.nextInt(2 * NOISE + 1) - NOISE));
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(picture, "JPEG", file);
        return file.toByteArray();
    }
}
