package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.image.ImageRejectedException.Fault;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePreprocessorTest {
    private static final float[] ONES = {1, 1, 1};
    private static final float[] ZEROS = {0, 0, 0};
    private static final int SIZE = 16;

    private final ImagePreprocessor preprocessor = new ImagePreprocessor(SIZE, ZEROS, ONES, Resizing.CLIP, ImageLimits.DEFAULT);

    @Test
    void nothingIsEmpty() {
        assertFault(Fault.EMPTY, new byte[0]);
    }

    @Test
    void textIsNotAnImage() {
        assertFault(Fault.NOT_AN_IMAGE, "just some words".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aWebpFrameLargerThanItsCanvasIsRefusedBeforeDecoding() {
        ByteBuffer webp = ByteBuffer.allocate(12 + 18 + 8 + 6).order(ByteOrder.LITTLE_ENDIAN);
        webp.put("RIFF".getBytes()).putInt(36).put("WEBPVP8X".getBytes()).putInt(10).put(new byte[10]); // a canvas of one pixel
        webp.put("VP8L".getBytes()).putInt(5).put((byte) 0x2F).putInt(16_383 | 16_383 << 14).put((byte) 0); // a frame of 16,384 × 16,384
        assertFault(Fault.UNDECODABLE, webp.array());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.6, 0.99})
    void jpegThatEndsEarlyIsTruncated(double part) throws IOException {
        byte[] whole = file("jpg", 200, 150);
        assertFault(Fault.TRUNCATED, Arrays.copyOf(whole, (int) (whole.length * part)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.98})
    void pngThatEndsEarlyIsTruncated(double part) throws IOException {
        byte[] whole = file("png", 200, 150);
        assertFault(Fault.TRUNCATED, Arrays.copyOf(whole, (int) (whole.length * part)));
    }

    @Test
    void hugeHeaderIsRefusedBeforeDecoding() throws IOException {
        byte[] png = file("png", 4, 4);
        ByteBuffer.wrap(png).putInt(16, 30_000).putInt(20, 30_000); // IHDR's width and height; its checksum is wrong now, which nobody gets
                                                                    // to see
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        assertFault(Fault.TOO_MANY_PIXELS, png);
    }

    @Test
    void fileOverTheLimitIsRefused() throws IOException {
        byte[] png = file("png", 100, 100);
        ImagePreprocessor strict = preprocessor.withLimits(new ImageLimits(1_000_000, png.length - 1));
        assertEquals(Fault.TOO_MANY_BYTES, assertThrows(ImageRejectedException.class, () -> strict.preprocess(png)).fault());
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
    void onePixelIsAnImage(String format) throws Exception {
        assertEquals(3 * SIZE * SIZE, preprocessor.preprocess(file(format, 1, 1)).length);
    }

    @Test
    void animatedGifCountsWithItsFirstFrame() throws Exception {
        byte[] rgb = preprocessor.rgbCrop(animation(Color.RED, Color.BLUE));
        assertEquals(255, rgb[0] & 0xFF);
        assertEquals(0, rgb[2] & 0xFF);
    }

    @Test
    void greyIsNotBentByAGammaCurve() throws Exception {
        BufferedImage grey = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 400; i++) {
            grey.getRaster().setSample(i % 20, i / 20, 0, 100);
        }
        assertEquals(100, preprocessor.rgbCrop(write(grey, "png"))[0] & 0xFF);
    }

    @Test
    void sixteenBitGreyKeepsTheHighByte() throws Exception {
        BufferedImage grey = new BufferedImage(20, 20, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < 400; i++) {
            grey.getRaster().setSample(i % 20, i / 20, 0, 0x80FF);
        }
        assertEquals(0x80, preprocessor.rgbCrop(write(grey, "png"))[0] & 0xFF);
    }

    @Test
    void whateverTheBytesOnlyRejectionsComeOut() throws IOException {
        Random random = new Random(5);
        for (String format : new String[] {"jpg", "png", "gif", "bmp"}) {
            byte[] whole = file(format, 40, 30);
            for (int i = 0; i < 300; i++) {
                byte[] mutated = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
                for (int n = random.nextInt(8); n >= 0; n--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                try {
                    preprocessor.preprocess(mutated);
                } catch (ImageRejectedException e) {
                    assertFalse(e.getMessage().contains("\n"));
                }
            }
        }
    }

    @Test
    void exifOrientationTurnsTheImageUpright() {
        RgbImage image = RgbImage.interleaved(2, 1, new byte[] {1, 1, 1, 2, 2, 2}); // 1 2
        assertEquals(2, image.upright(3).rgb()[0]); // half a turn: 2 1
        RgbImage quarter = image.upright(6); // clockwise: 1 above 2
        assertEquals(1, quarter.width());
        assertEquals(1, quarter.rgb()[0]);
        assertEquals(2, image.upright(8).rgb()[0]); // counter-clockwise: 2 above 1
    }

    @Test
    void webpIsDecoded() throws Exception {
        try (InputStream in = ImagePreprocessorTest.class.getResourceAsStream("red.webp")) {
            byte[] rgb = preprocessor.rgbCrop(in.readAllBytes());
            assertEquals(220, rgb[0] & 0xFF);
            assertEquals(30, rgb[1] & 0xFF);
            assertEquals(40, rgb[2] & 0xFF);
        }
    }

    @Test
    void exifOrientationIsReadFromTheFile() throws Exception {
        BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 1600; i++) {
            image.setRGB(i % 40, i / 40, i / 40 < 20 ? 0xFFFFFF : 0); // white above black
        }
        byte[] jpeg = write(image, "jpg");
        assertTrue((preprocessor.rgbCrop(jpeg)[0] & 0xFF) > 200);
        assertTrue((preprocessor.rgbCrop(withOrientation(jpeg, 3))[0] & 0xFF) < 50);
    }

    /** The JPEG with an APP1 segment that holds one EXIF tag, the orientation. */
    private static byte[] withOrientation(byte[] jpeg, int orientation) {
        ByteBuffer out = ByteBuffer.allocate(jpeg.length + 36);
        out.put(jpeg, 0, 2).putShort((short) 0xFFE1).putShort((short) 34).put(new byte[] {'E', 'x', 'i', 'f', 0, 0}); // length 34: itself,
                                                                                                                      // 6, 26 of TIFF
        out.put(new byte[] {'M', 'M'}).putShort((short) 42).putInt(8).putShort((short) 1);
        out.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0).putInt(0);
        return out.put(jpeg, 2, jpeg.length - 2).array();
    }

    private void assertFault(Fault fault, byte[] file) {
        ImageRejectedException e = assertThrows(ImageRejectedException.class, () -> preprocessor.preprocess(file));
        assertEquals(fault, e.fault(), e.getMessage());
    }

    private static byte[] file(String format, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt());
        }
        return write(image, format);
    }

    private static byte[] write(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static byte[] animation(Color... frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (Color color : frames) {
                BufferedImage image = new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB);
                for (int i = 0; i < 900; i++) {
                    image.setRGB(i % 30, i / 30, color.getRGB());
                }
                writer.writeToSequence(new IIOImage(image, null, writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null)),
                        null);
            }
            writer.endWriteSequence();
        }
        return out.toByteArray();
    }
}
