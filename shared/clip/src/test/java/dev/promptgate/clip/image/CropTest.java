package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Crops of training views against the picture's own pixels and against the convolution written out. */
class CropTest {
    private static final int SIZE = 16;
    private static final int WIDTH = 50;
    private static final int HEIGHT = 40;

    private final BufferedImage picture = noise();
    private final byte[] file = png(picture);
    private final ImagePreprocessor preprocessor = new ImagePreprocessor(SIZE, new float[3], new float[] {1, 1, 1}, Resizing.CLIP,
            ImageLimits.DEFAULT);

    @Test
    void aCropOfTheModelsSizeIsThePicturesOwnPixels() throws Exception {
        float[] pixels = crop(new Crop(11, 23, SIZE, SIZE, false));
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                assertPixel(picture.getRGB(11 + x, 23 + y), pixels, x, y);
            }
        }
    }

    @Test
    void aMirroredCropHasLeftAndRightSwapped() throws Exception {
        float[] pixels = crop(new Crop(11, 23, SIZE, SIZE, true));
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                assertPixel(picture.getRGB(11 + SIZE - 1 - x, 23 + y), pixels, x, y);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 50, 40", "3, 5, 30, 35", "20, 10, 7, 9", "0, 39, 50, 1", "5, 1, 40, 12"})
    void anyCropIsTheConvolutionOfItsOwnPixels(int left, int top, int width, int height) throws Exception {
        float[] pixels = crop(new Crop(left, top, width, height, false));
        double largest = 0;
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < SIZE; y++) {
                for (int x = 0; x < SIZE; x++) {
                    double exact = convolved(left, top, width, height, x, y, c);
                    largest = Math.max(largest, Math.abs(exact - 255 * pixels[(c * SIZE + y) * SIZE + x]));
                }
            }
        }
        // The rounding to 8 bits after each of the two passes: half a level each, the first one weighed by the second's taps.
        assertTrue(largest < 1.3, "differs by " + largest + " levels");
    }

    @Test
    void rulesSeeTheImagesSizeAndEachGivesOneView() throws Exception {
        Crop.Rule whole = (width, height) -> {
            assertEquals(WIDTH, width);
            assertEquals(HEIGHT, height);
            return new Crop(0, 0, width, height, false);
        };
        assertEquals(2, preprocessor.preprocessCrops(file, List.of(whole, whole)).size());
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 10, 10", "0, 0, 51, 10", "45, 0, 6, 10", "0, 31, 10, 10", "0, 0, 0, 10", "2147483647, 0, 10, 10"})
    void cropsBeyondTheImageAreRefused(int left, int top, int width, int height) {
        assertThrows(IllegalArgumentException.class, () -> crop(new Crop(left, top, width, height, false)));
    }

    private float[] crop(Crop crop) throws ImageRejectedException {
        return preprocessor.preprocessCrops(file, List.of((width, height) -> crop)).get(0);
    }

    private static void assertPixel(int rgb, float[] pixels, int x, int y) {
        for (int c = 0; c < 3; c++) {
            assertEquals((rgb >> (16 - 8 * c) & 0xFF) / 255f, pixels[(c * SIZE + y) * SIZE + x], 1e-6f);
        }
    }

    /**
     * One output pixel in floating point: Keys' kernel (a = −0.5), widened by the scale, over the crop alone, rounded and clipped per axis
     * as 8-bit images are.
     */
    private double convolved(int left, int top, int width, int height, int x, int y, int channel) {
        double[] across = weights(width, x);
        double[] down = weights(height, y);
        double sum = 0;
        for (int row = 0; row < height; row++) {
            double inRow = 0;
            for (int column = 0; column < width; column++) {
                inRow += across[column] * (picture.getRGB(left + column, top + row) >> (16 - 8 * channel) & 0xFF);
            }
            sum += down[row] * Math.max(0, Math.min(255, inRow));
        }
        return Math.max(0, Math.min(255, sum));
    }

    private static double[] weights(int in, int at) {
        double scale = in / (double) SIZE;
        double stretch = Math.max(1, scale);
        double center = (at + 0.5) * scale;
        double[] weights = new double[in];
        double sum = 0;
        for (int i = 0; i < in; i++) {
            double t = Math.abs(i + 0.5 - center) / stretch;
            weights[i] = t < 1 ? 1.5 * t * t * t - 2.5 * t * t + 1 : t < 2 ? -0.5 * t * t * t + 2.5 * t * t - 4 * t + 2 : 0;
            sum += weights[i];
        }
        for (int i = 0; i < in; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    private static BufferedImage noise() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(3);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            image.setRGB(i % WIDTH, i / WIDTH, random.nextInt());
        }
        return image;
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
