package dev.promptgate.experiments.features;

import dev.promptgate.clip.image.Crop;
import java.util.SplittableRandom;

/**
 * CoOp's training view: torchvision's random resized crop, then a horizontal flip of every other one. The area is uniform in 8 to 100 % of
 * the image, the logarithm of width / height uniform in that of [3/4, 4/3], the place uniform. After ten draws that do not fit, the largest
 * centred crop within those ratios. Deterministic in its seed.
 */
record RandomResizedCrop(long seed) implements Crop.Rule {
    private static final double SMALLEST_AREA = 0.08;
    private static final double NARROWEST = 3.0 / 4;
    private static final double WIDEST = 4.0 / 3;
    private static final int DRAWS = 10;

    @Override
    public Crop crop(int width, int height) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean mirrored = random.nextDouble() < 0.5;
        for (int i = 0; i < DRAWS; i++) {
            double area = (SMALLEST_AREA + (1 - SMALLEST_AREA) * random.nextDouble()) * width * height;
            double ratio = Math.exp(Math.log(NARROWEST) + (Math.log(WIDEST) - Math.log(NARROWEST)) * random.nextDouble());
            int w = (int) Math.rint(Math.sqrt(area * ratio));
            int h = (int) Math.rint(Math.sqrt(area / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height) {
                int left = (int) (random.nextDouble() * (width - w + 1));
                int top = (int) (random.nextDouble() * (height - h + 1));
                return new Crop(left, top, w, h, mirrored);
            }
        }
        int w = Math.max(1, Math.min(width, (int) Math.rint(height * WIDEST)));
        int h = Math.max(1, Math.min(height, (int) Math.rint(width / NARROWEST)));
        return new Crop((width - w) / 2, (height - h) / 2, w, h, mirrored);
    }
}
