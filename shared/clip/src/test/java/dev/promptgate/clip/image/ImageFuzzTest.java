package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.testing.fuzz.DecoderFuzz;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 100,000 damaged image files in all: a crop or a refusal, within the memory that the pixel limit allows. */
class ImageFuzzTest {
    private static final int MAX_PIXELS = 4_096;
    private static final ImagePreprocessor PREPROCESSOR = new ImagePreprocessor(16, new float[3], new float[] {1, 1, 1}, Resizing.CLIP,
            new ImageLimits(MAX_PIXELS, 1 << 16));

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
    void damagedImagesAreImagesOrRefused(String format) throws IOException {
        fuzz(format, file(format), 22_000);
    }

    @Test
    void damagedWebpImagesAreImagesOrRefused() throws IOException {
        fuzz("webp", ImageFuzzTest.class.getResourceAsStream("red.webp").readAllBytes(), 12_000);
    }

    private static void fuzz(String format, byte[] original, int inputs) {
        // Of a pixel at most 4 bytes in the file's own form, 12 as numbers and some more on the way; the readers' own tables are the rest.
        DecoderFuzz.Outcome outcome = new DecoderFuzz(format + " image", ImageRejectedException.class,
                input -> 128L * MAX_PIXELS + 64L * input.length + (16 << 20))
                .run(inputs, List.of(original), PREPROCESSOR::preprocess);
        assertTrue(outcome.refused() > 100, outcome.toString());
    }

    private static byte[] file(String format) throws IOException {
        BufferedImage image = new BufferedImage(48, 40, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.ORANGE);
        graphics.fillOval(5, 5, 30, 30);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }
}
