package dev.promptgate.learning.calibration;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Beta;

/**
 * How often a prompt is wrong if it answers the images that it is surest of, and no others: selective classification (El-Yaniv and Wiener
 * 2010; Geifman and El-Yaniv 2017, arXiv 1705.08500). Immutable.
 */
public final class RiskCoverage {
    /** So much of the images answered, and the accuracy on these; fractions. */
    public record Point(double coverage, double accuracy) {}

    private static final int STARTS = 10;

    private final double[] confidence; // falling
    private final int[] errors; // among the first k

    public RiskCoverage(Confidences images) {
        List<Integer> order = IntStream.range(0, images.right().length).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -images.confidence()[i])).toList(); // stable
        confidence = order.stream().mapToDouble(i -> images.confidence()[i]).toArray();
        errors = new int[confidence.length + 1];
        for (int k = 0; k < confidence.length; k++) {
            errors[k + 1] = errors[k] + (images.right()[order.get(k)] ? 0 : 1);
        }
    }

    /** The accuracy on the surest tenth, two tenths … and all of at least one image, all first. */
    public List<Point> byTenths() {
        return IntStream.rangeClosed(0, 9).mapToObj(i -> {
            int answered = (int) Math.ceil(confidence.length * (10 - i) / 10.0);
            return new Point((10 - i) / 10.0, 1 - (double) errors[answered] / answered);
        }).toList();
    }

    /** Area under the risk-coverage curve: the error among the k surest images, averaged over all k; NaN without images. */
    public double area() {
        double sum = 0;
        for (int k = 1; k <= confidence.length; k++) {
            sum += (double) errors[k] / k;
        }
        return sum / confidence.length;
    }

    /** How many images have at least this confidence. */
    public int answered(double threshold) {
        int count = 0;
        while (count < confidence.length && confidence[count] >= threshold) {
            count++;
        }
        return count;
    }

    /** How many of the surest ones are wrong. */
    public int errors(int answered) {
        return errors[answered];
    }

    /**
     * The confidence from which on to answer, so that with a probability of at least 1 − δ, over the draw of these images, no more than the
     * target of what is answered will be wrong. By Clopper and Pearson's exact bound of the error, as selection with guaranteed risk does,
     * but along the ranks by fixed-sequence tests from {@value #STARTS} starts (Angelopoulos et al. 2021, arXiv 2110.01052, section 2.3):
     * from each tenth of the images on, one image after another is answered, too, for as long as the bound holds at δ / {@value #STARTS}.
     * Images of equal confidence are answered together. Empty if nothing keeps the promise: too many errors, or too few images.
     *
     * @param target largest error among what is answered, a fraction
     */
    public OptionalDouble threshold(double target, double delta) {
        int held = 0;
        boolean isReached = false; // whether the bound held all the way from a start
        for (int k = 1; k <= confidence.length; k++) {
            isReached |= isStart(k);
            boolean isTied = k < confidence.length && confidence[k] == confidence[k - 1];
            if (!isTied) {
                isReached &= keeps(k, target, delta / STARTS);
                held = isReached ? k : held;
            }
        }
        return held == 0 ? OptionalDouble.empty() : OptionalDouble.of(confidence[held - 1]);
    }

    private boolean isStart(int k) {
        return (long) k * STARTS / confidence.length > (k - 1L) * STARTS / confidence.length;
    }

    /** Whether an error above the target is ruled out: by such, so few errors have a probability of δ at most. */
    private boolean keeps(int answered, double target, double delta) {
        int wrong = errors[answered];
        // P(X ≤ k) for X ~ Bin(n, p) is the regularised incomplete beta I_{1 − p}(n − k, k + 1).
        return wrong < answered && Beta.regularizedBeta(1 - target, answered - wrong, wrong + 1.0) <= delta;
    }
}
