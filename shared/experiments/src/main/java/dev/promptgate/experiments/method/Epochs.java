package dev.promptgate.experiments.method;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.learning.loss.Batch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Batches of shuffled epochs, the last, smaller batch of an epoch dropped, as CoOp's loader does it; an epoch of less than one batch is one
 * smaller batch. From each image one of its views is drawn. Deterministic in its seed. Not thread-safe.
 */
public final class Epochs {
    private final List<Sample> samples;
    private final int batch;
    private final SplittableRandom random;
    private int at;

    public Epochs(List<Sample> samples, int batch, long seed) {
        this.samples = new ArrayList<>(samples);
        this.batch = Math.min(batch, samples.size());
        random = new SplittableRandom(seed);
        at = samples.size();
    }

    public static int batches(int samples, int batch) {
        return Math.max(1, samples / batch);
    }

    public Batch next() {
        if (at + batch > samples.size()) {
            Collections.shuffle(samples, new Random(random.nextLong()));
            at = 0;
        }
        float[][] images = new float[batch][];
        int[] labels = new int[batch];
        for (int i = 0; i < batch; i++) {
            Sample sample = samples.get(at++);
            images[i] = sample.views()[sample.views().length == 1 ? 0 : random.nextInt(sample.views().length)];
            labels[i] = sample.classIndex();
        }
        return new Batch(images, labels);
    }
}
