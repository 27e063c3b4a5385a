package dev.promptgate.learning.loss;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;

/**
 * Draws the classes of each step of a training for a sampled softmax (Bengio and Senécal 2008; Jean et al., arXiv 1412.2007, section 3):
 * those of the batch, and uniformly, without replacement, so many of the others that they are {@code most} together.
 *
 * <p>The loss of an image with label y is log Z − s<sub>y</sub>, Z = Σ<sub>c</sub> exp s<sub>c</sub> over all n classes. The b classes of
 * the batch are in with certainty, each of the others with probability π = (most − b) / (n − b): its expected count. So Σ exp s<sub>c</sub>
 * over the batch's classes + Σ exp(s<sub>c</sub> − log π) over the drawn ones is Z in expectation, and so are their gradients. The
 * logarithm is not: the loss comes out low by about Var(Ẑ) / 2Z², which falls as more classes are drawn. Exact for most ≥ n.
 *
 * <p>Deterministic in its seed and the labels of the steps so far. Not thread-safe.
 */
public final class ClassDraw {
    /** Keeps this generator apart from that of the batches, which has the same seed. */
    private static final long OWN_STREAM = 0x5DEECE66DL;

    private final int classes;
    private final int most;
    private final SplittableRandom random;

    /**
     * @param most in a step; 0 for all
     */
    public ClassDraw(int classes, int most, long seed) {
        this.classes = classes;
        this.most = most == 0 ? classes : most;
        random = new SplittableRandom(seed ^ OWN_STREAM);
    }

    /**
     * @param labels of the step's images
     * @throws IllegalArgumentException if these are so many classes that none can be drawn: nothing would stand for the others
     */
    public StepClasses next(int[] labels) {
        if (classes <= most) {
            return StepClasses.all(classes);
        }
        int[] certain = Arrays.stream(labels).sorted().distinct().toArray();
        int[] others = IntStream.range(0, classes).filter(c -> Arrays.binarySearch(certain, c) < 0).toArray();
        int drawn = most - certain.length;
        Validate.isTrue(drawn > 0, "A step must have room for more classes than its batch has [classes: %d, of the batch: %d]", most,
                certain.length);
        for (int i = 0; i < drawn; i++) { // the first steps of a Fisher–Yates shuffle
            int other = random.nextInt(i, others.length);
            int swapped = others[i];
            others[i] = others[other];
            others[other] = swapped;
        }
        int[] indices = IntStream.concat(Arrays.stream(certain), Arrays.stream(others, 0, drawn)).sorted().toArray();
        double[] counts = Arrays.stream(indices)
                .mapToDouble(c -> Arrays.binarySearch(certain, c) >= 0 ? 1 : (double) others.length / drawn).toArray();
        return new StepClasses(indices, counts, classes);
    }
}
