package dev.promptgate.cli;

import dev.promptgate.testing.ImageFiles;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.imageio.IIOImage;

/** Files of the sizes that cameras make: soft shapes with some noise, which compress as photographs do. */
final class Photographs {
    private static final int COARSE = 12;
    private static final int LARGEST_FILE = 20 << 20;

    private Photographs() {}

    /** A JPEG that lies on its side. */
    static byte[] jpeg(int width, int height, boolean isProgressive, Random random) throws IOException {
        return onItsSide(write("JPEG", picture(width, height, random), isProgressive));
    }

    /** JPEG, progressive or not, PNG or WebP, one or the other, of 1 to {@code most} megapixels; small enough to be a record. */
    static byte[] any(int most, Random random) throws IOException {
        double megapixels = 1 + random.nextInt(most - 1) + random.nextDouble();
        byte[] file;
        do {
            int width = (int) Math.sqrt(megapixels * 1e6 * 4 / 3);
            int height = (int) (megapixels * 1e6 / width);
            int kind = random.nextInt(10);
            file = kind < 6 ? jpeg(width, height, false, random)
                    : kind < 8 ? jpeg(width, height, true, random)
                            : write(kind == 8 ? "PNG" : "WEBP", picture(width, height, random), false);
            megapixels = Math.max(1, megapixels * 0.6);
        } while (file.length > LARGEST_FILE);
        return file;
    }

    private static BufferedImage picture(int width, int height, Random random) {
        BufferedImage coarse = new BufferedImage(width / COARSE, height / COARSE, BufferedImage.TYPE_3BYTE_BGR);
        byte[] noise = new byte[3 * coarse.getWidth() * coarse.getHeight()];
        random.nextBytes(noise);
        for (int i = 0; i < noise.length; i++) {
            coarse.getRaster().getDataBuffer().setElem(i, (noise[i] & 63) + 90 + (int) (80 * Math.sin(i / 3.0 / coarse.getWidth())));
        }
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(coarse, 0, 0, width, height, null);
        graphics.dispose();
        return picture;
    }

    private static byte[] write(String format, BufferedImage picture, boolean isProgressive) throws IOException {
        return ImageFiles.encoded(format, new IIOImage(picture, null, null), isProgressive);
    }

    /** With EXIF data of one tag, the orientation of a camera held upright. */
    private static byte[] onItsSide(byte[] jpeg) {
        ByteBuffer exif = ByteBuffer.allocate(36).putShort((short) 0xFFE1).putShort((short) 34);
        exif.put(new byte[] {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6});
        return ByteBuffer.allocate(jpeg.length + 36).put(jpeg, 0, 2).put(exif.array()).put(jpeg, 2, jpeg.length - 2).array();
    }
}
