package dev.promptgate.clip.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Holds an image encoder's features to those of another of the same model, on images drawn from a fixed seed. */
public final class PrecisionCheck {
    /** Of two features of one image. */
    public static final double LEAST_COSINE = 0.999;

    private static final int IMAGES = 16;
    private static final int WAVES = 12;
    private static final double MAX_PERIODS = 12; // over the image's width
    private static final long SEED = 1;

    private PrecisionCheck() {}

    /** The least cosine over 16 images of the encoder's size. */
    public static double leastCosine(ImageEncoder encoder, ImageEncoder reference) {
        List<float[]> images = images(encoder.shape().imageSize());
        float[][] features = encoder.encode(images);
        float[][] expected = reference.encode(images);
        double least = 1;
        for (int i = 0; i < features.length; i++) {
            double cosine = 0; // features are unit vectors
            for (int d = 0; d < features[i].length; d++) {
                cosine += (double) features[i][d] * expected[i][d];
            }
            least = Math.min(least, cosine); // NaN stays
        }
        return least;
    }

    /** Each [3·size·size]: waves of random direction, length, phase and colour, in the range of normalised pixels, as photographs have. */
    private static List<float[]> images(int size) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<float[]> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            float[] image = new float[3 * size * size];
            for (int wave = 0; wave < WAVES; wave++) {
                add(image, size, random);
            }
            images.add(image);
        }
        return images;
    }

    private static void add(float[] image, int size, SplittableRandom random) {
        double across = random.nextDouble(-MAX_PERIODS, MAX_PERIODS);
        double down = random.nextDouble(-MAX_PERIODS, MAX_PERIODS);
        double phase = random.nextDouble();
        for (int channel = 0; channel < 3; channel++) {
            double weight = random.nextDouble(-1, 1) * 2 / Math.sqrt(WAVES);
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    double turn = (across * x + down * y) / size + phase;
                    image[(channel * size + y) * size + x] += (float) (weight * Math.sin(2 * Math.PI * turn));
                }
            }
        }
    }
}
