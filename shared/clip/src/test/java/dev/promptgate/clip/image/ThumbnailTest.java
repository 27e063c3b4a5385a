package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.promptgate.clip.image.ImageRejectedException.Fault;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ThumbnailTest {
    /** Left half red, right half blue. */
    private static byte[] image(String format, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width / 2, height);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(width / 2, 0, width - width / 2, height);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    private static BufferedImage thumbnail(byte[] file) throws Exception {
        byte[] jpeg = Thumbnail.jpeg(file, 192, ImageLimits.DEFAULT);
        assertArrayEquals(new byte[] {(byte) 0xFF, (byte) 0xD8}, new byte[] {jpeg[0], jpeg[1]});
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }

    @Test
    void theLongerSideIsMadeShortAndTheColoursStay() throws Exception {
        for (int[] size : new int[][] {{1200, 500, 192, 80}, {500, 1200, 80, 192}, {193, 100, 192, 99}, {8000, 2000, 192, 48}}) {
            for (String format : new String[] {"png", "jpg"}) {
                BufferedImage small = thumbnail(image(format, size[0], size[1]));
                assertEquals(size[2] + "×" + size[3], small.getWidth() + "×" + small.getHeight());
                Color left = new Color(small.getRGB(small.getWidth() / 4, small.getHeight() / 2));
                Color right = new Color(small.getRGB(3 * small.getWidth() / 4, small.getHeight() / 2));
                assertTrue(left.getRed() > 230 && left.getBlue() < 25 && right.getBlue() > 230 && right.getRed() < 25, left + " " + right);
            }
        }
    }

    @Test
    void smallAndThinImagesStayAsTheyAre() throws Exception {
        assertEquals(96, thumbnail(image("png", 96, 40)).getWidth());
        BufferedImage thin = thumbnail(image("png", 10_000, 1));
        assertEquals("192×1", thin.getWidth() + "×" + thin.getHeight());
    }

    @Test
    void ofALargeImageOnlyAPartIsDecoded() throws Exception {
        byte[] file = image("jpg", 6000, 6000);
        Thumbnail.jpeg(file, 192, ImageLimits.DEFAULT); // loads classes
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        Thumbnail.jpeg(file, 192, ImageLimits.DEFAULT);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 30 << 20, "of 108 MB of pixels, allocated: " + allocated);
    }

    @Test
    void theLimitsHold() throws Exception {
        byte[] file = image("png", 300, 200);
        assertEquals(Fault.TOO_MANY_PIXELS,
                assertThrows(ImageRejectedException.class, () -> Thumbnail.jpeg(file, 192, new ImageLimits(59_999, 1 << 20))).fault());
        assertEquals(Fault.TOO_MANY_BYTES,
                assertThrows(ImageRejectedException.class, () -> Thumbnail.jpeg(file, 192, new ImageLimits(60_000, 10))).fault());
        assertEquals(Fault.NOT_AN_IMAGE,
                assertThrows(ImageRejectedException.class, () -> Thumbnail.jpeg(new byte[] {1, 2, 3}, 192, ImageLimits.DEFAULT)).fault());
    }
}
