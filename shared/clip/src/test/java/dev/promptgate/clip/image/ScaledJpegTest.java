package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.testing.ImageFiles;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JPEG decoded at reduced size is nearly the same image, and refused for the same reasons, as decoded whole. */
class ScaledJpegTest {
    private static final ImagePreprocessor WHOLE = ImagePreprocessor.clip(48);
    private static final ImagePreprocessor REDUCED = WHOLE.withJpegReducingGap(2);

    @ParameterizedTest
    @ValueSource(strings = {"colours", "grey", "progressive", "odd", "turned"})
    void reducedPhotographsAreNearlyTheWholeOnes(String kind) throws Exception {
        byte[] file = photograph(kind);
        byte[] whole = WHOLE.rgbCrop(file);
        byte[] reduced = REDUCED.rgbCrop(file);
        long sum = 0;
        for (int i = 0; i < whole.length; i++) {
            sum += Math.abs((whole[i] & 0xFF) - (reduced[i] & 0xFF));
        }
        assertTrue(sum <= 2.0 * whole.length, "levels of 255: " + (double) sum / whole.length);
        assertFalse(Arrays.equals(whole, reduced), "decoded whole");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inks", "small"})
    void othersAreDecodedWhole(String kind) throws Exception {
        byte[] file = photograph(kind);
        assertArrayEquals(WHOLE.rgbCrop(file), REDUCED.rgbCrop(file));
    }

    @Test
    void whatIsDamagedIsJudgedAsIfDecodedWhole() throws IOException {
        byte[] sound = photograph("colours");
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            byte[] file = i % 3 == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
            if (i % 3 == 1) {
                file[random.nextInt(700)] = (byte) random.nextInt();
            } else if (i % 3 == 2) { // ends early, with an end
                Arrays.fill(file, random.nextInt(sound.length - 2), sound.length - 2, (byte) 0xFF);
            }
            if (!outcome(REDUCED, file).equals("reduced")) {
                assertEquals(outcome(WHOLE, file), outcome(REDUCED, file), "file " + i);
            } else {
                assertTrue(outcome(WHOLE, file).startsWith("pixels"), outcome(WHOLE, file));
            }
        }
    }

    /** Pixels or fault; of pixels that no whole image has, only that. */
    private static String outcome(ImagePreprocessor preprocessor, byte[] file) {
        try {
            byte[] crop = preprocessor.rgbCrop(file);
            return preprocessor == WHOLE || Arrays.equals(crop, WHOLE.rgbCrop(file)) ? "pixels" + Arrays.hashCode(crop) : "reduced";
        } catch (ImageRejectedException e) {
            return e.fault().code();
        }
    }

    @Test
    void reducedPhotographsTakeLessOfTheMemoryForDecoding() throws Exception {
        byte[] file = photograph("colours");
        ImageLimits little = new ImageLimits(1_000_000, 1 << 20, new DecodeMemory(2_200_000));
        assertEquals(ImageRejectedException.Fault.OUT_OF_MEMORY,
                assertThrows(ImageRejectedException.class, () -> WHOLE.withLimits(little).rgbCrop(file)).fault());
        assertArrayEquals(REDUCED.rgbCrop(file), REDUCED.withLimits(little).rgbCrop(file));
    }

    private static byte[] photograph(String kind) throws IOException {
        int width = kind.equals("odd") ? 801 : kind.equals("small") ? 120 : 800;
        int height = kind.equals("odd") ? 599 : kind.equals("small") ? 90 : 600;
        if (kind.equals("inks")) {
            WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
            return ImageFiles.encoded("JPEG", new IIOImage(filled(inks), null, null), false);
        }
        BufferedImage image = new BufferedImage(width, height,
                kind.equals("grey") ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        filled(image.getRaster());
        byte[] file = ImageFiles.encoded("JPEG", new IIOImage(image, null, null), kind.equals("progressive"));
        return kind.equals("turned") ? onItsSide(file) : file;
    }

    /** Waves with edges. */
    private static WritableRaster filled(WritableRaster raster) {
        DataBuffer data = raster.getDataBuffer();
        for (int i = 0; i < data.getSize(); i++) {
            data.setElem(i, (int) (128 + 100 * Math.sin(i / 900.0)) + i % 17);
        }
        return raster;
    }

    /** With EXIF data of one tag, the orientation of a camera held upright. */
    private static byte[] onItsSide(byte[] jpeg) {
        byte[] exif = new byte[36];
        byte[] head = {(byte) 0xFF, (byte) 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0,
                1,
                0, 6};
        System.arraycopy(head, 0, exif, 0, head.length);
        byte[] turned = Arrays.copyOf(jpeg, jpeg.length + exif.length);
        System.arraycopy(exif, 0, turned, 2, exif.length);
        System.arraycopy(jpeg, 2, turned, 2 + exif.length, jpeg.length - 2);
        return turned;
    }
}
