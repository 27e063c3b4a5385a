package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The pixels of some 350 files of each accepted format are Pillow's. */
class DecodingGoldenTest {
    private static final int LEAST_FILES = 300;
    /** Levels of 255, mean over a file of JPEG; all others have to be equal. */
    private static final double JPEG_TOLERANCE = 1;

    @Test
    void jpegIsDecodedAsByPillow() throws Exception {
        assertPillows("jpeg");
    }

    @Test
    void pngIsDecodedAsByPillow() throws Exception {
        assertPillows("png");
    }

    @Test
    void gifIsDecodedAsByPillow() throws Exception {
        assertPillows("gif");
    }

    @Test
    void bmpIsDecodedAsByPillow() throws Exception {
        assertPillows("bmp");
    }

    @Test
    void webpIsDecodedAsByPillow() throws Exception {
        assertPillows("webp");
    }

    private static void assertPillows(String format) throws Exception {
        try (ZipFile zip = new ZipFile(GoldenFolders.committed("decoding").resolve(format + ".zip").toFile())) {
            List<String> expected = new String(bytes(zip, "expected.txt"), StandardCharsets.UTF_8).lines().toList();
            List<String> wrong = new ArrayList<>();
            for (String line : expected) {
                String name = line.substring(0, line.indexOf(' '));
                String found = found(zip, name);
                if (!found.equals(line)) {
                    wrong.add(found + ", not " + line);
                }
            }
            assertEquals(List.of(), wrong);
            assertTrue(expected.size() >= LEAST_FILES, "files: " + expected.size());
        }
    }

    /** The line of the table that the decoded file is worth. */
    private static String found(ZipFile zip, String name) throws Exception {
        RgbImage image = Decoded.of(bytes(zip, name), ImageLimits.DEFAULT);
        byte[] pixels = image.rgb();
        if (zip.getEntry(name + ".rgb") != null) {
            byte[] pillows = bytes(zip, name + ".rgb");
            pixels = pillows.length == pixels.length && meanDifference(pillows, pixels) <= JPEG_TOLERANCE ? pillows : pixels;
        }
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pixels));
        return "%s %d %d %s".formatted(name, image.width(), image.height(), hash);
    }

    private static double meanDifference(byte[] some, byte[] others) {
        long sum = 0;
        for (int i = 0; i < some.length; i++) {
            sum += Math.abs((some[i] & 0xFF) - (others[i] & 0xFF));
        }
        return (double) sum / some.length;
    }

    private static byte[] bytes(ZipFile zip, String entry) throws IOException {
        return zip.getInputStream(zip.getEntry(entry)).readAllBytes();
    }
}
