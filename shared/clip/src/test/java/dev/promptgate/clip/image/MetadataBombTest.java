package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What is written into an image file beside the image costs no more memory than the file is long, a few times over. */
class MetadataBombTest {
    private static final int INFLATED = 64 << 20;
    private static final int PARTS = 50;
    private static final int LARGE = 60_000;
    private static final int TABLES = 2 << 20;

    @Test
    void compressedTextAndProfilesOfPngStayCompressed() throws Exception {
        byte[] zeros = deflated();
        assertBounded(png("zTXt", "Comment\0\0", zeros));
        assertBounded(png("iTXt", "Comment\0\1\0\0\0", zeros));
        assertBounded(png("iCCP", "profile\0\0", zeros));
        assertBounded(png("zTXt", "Raw profile type exif\0\0", zeros));
    }

    @Test
    void manySegmentsOfJpegCostNothing() throws Exception {
        byte[] jpeg = image("jpg");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(jpeg, 0, 2);
        for (int i = 0; i < PARTS; i++) {
            for (int marker : new int[] {0xE1, 0xE2, 0xED, 0xFE}) {
                byte[] body = marker == 0xE1 ? concat(ascii("Exif\0\0"), exif(LARGE - 10)) : new byte[LARGE];
                file.write(0xFF);
                file.write(marker);
                file.writeBytes(ByteBuffer.allocate(2).putShort((short) (body.length + 2)).array());
                file.writeBytes(body);
            }
        }
        file.write(jpeg, 2, jpeg.length - 2);
        assertBounded(file.toByteArray());
    }

    @Test
    void exifDataWhoseTagsAllClaimTheWholeOfItIsReadOnce() throws Exception {
        assertBounded(png("eXIf", "", exif(10 << 20)));
    }

    @Test
    void commentsOfGifAreSkipped() throws Exception {
        byte[] gif = image("gif");
        int first = 13 + (3 << (gif[10] & 7) + 1); // after the screen and its table of colours
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(gif, 0, first);
        for (int i = 0; i < PARTS; i++) {
            file.writeBytes(new byte[] {'!', (byte) 0xFE});
            for (int block = 0; block < LARGE / 255; block++) {
                file.write(255);
                file.writeBytes(new byte[255]);
            }
            file.write(0);
        }
        file.write(gif, first, gif.length - first);
        assertBounded(file.toByteArray());
    }

    @Test
    void chunksOfWebpThatOnlyDescribeAreSkipped() throws Exception {
        byte[] webp = MetadataBombTest.class.getResourceAsStream("red.webp").readAllBytes();
        byte[] exif = exif(10 << 20);
        ByteBuffer chunk = ByteBuffer.allocate(8 + exif.length).order(ByteOrder.LITTLE_ENDIAN);
        chunk.put(ascii("EXIF")).putInt(exif.length).put(exif);
        byte[] file = concat(webp, chunk.array());
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, file.length - 8);
        assertBounded(file);
    }

    private static void assertBounded(byte[] file) throws Exception {
        Decoded.of(file, ImageLimits.DEFAULT); // loads classes
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        RgbImage image = Decoded.of(file, ImageLimits.DEFAULT);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertTrue(image.width() > 0);
        assertTrue(allocated < 4L * file.length + TABLES, "bytes: %d, allocated: %d".formatted(file.length, allocated));
    }

    /** A directory of tags, each of which claims as many bytes as there are. */
    private static byte[] exif(int length) {
        int tags = Math.min(5_000, (length - 20) / 12);
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.put(ascii("MM")).putShort((short) 42).putInt(8).putShort((short) tags);
        for (int tag = 0; tag < tags; tag++) {
            bytes.putShort((short) (0x1000 + tag)).putShort((short) 7).putInt(length - 8).putInt(8);
        }
        return bytes.array();
    }

    private static byte[] png(String type, String start, byte[] data) throws IOException {
        byte[] png = image("png");
        byte[] body = concat(ascii(type + start), data);
        CRC32 crc = new CRC32();
        crc.update(body);
        ByteBuffer file = ByteBuffer.allocate(png.length + body.length + 8);
        file.put(png, 0, 33).putInt(body.length - 4).put(body).putInt((int) crc.getValue()); // after the header
        return file.put(png, 33, png.length - 33).array();
    }

    private static byte[] deflated() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_SPEED))) {
            for (int i = 0; i < INFLATED; i += LARGE) {
                deflater.write(new byte[LARGE]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] image(String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), format, out);
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
    }
}
