package dev.promptgate.learning.calibration;

/**
 * Temperature scaling (Guo et al. 2017, arXiv 1706.04599, section 4.2): probabilities are softmax(logits / T), with the T under which the
 * labels of held-out images are likeliest. The answer stays the same, only its probability changes. The mean negative log-likelihood is
 * convex in β = 1 / T, so that its slope has one root at most: Newton's method finds it, and halves the bracket (of log β) where its steps
 * leave it or do not shrink. Pure functions.
 */
public final class TemperatureScaling {
    /** Where every image is right, or no better than chance, the likelihood has no maximum: the nearer of these bounds is taken. */
    public static final double LOWEST = 1 / 8.0;
    public static final double HIGHEST = 8;
    private static final double TOLERANCE = 1e-6;
    private static final int MOST_STEPS = 50;

    /** First and second derivative of the summed negative log-likelihood in β. */
    private record Slope(double first, double second) {}

    private TemperatureScaling() {}

    /** T for images by their logits [n][classes] and class indices [n], n ≥ 1. */
    public static double fit(float[][] logits, int[] labels) {
        double low = 1 / HIGHEST;
        double high = 1 / LOWEST;
        double beta = 1;
        double lastStep = high - low;
        for (int step = 0; step < MOST_STEPS; step++) {
            Slope slope = slope(logits, labels, beta);
            if (slope.first() == 0) {
                return 1 / beta;
            }
            if (slope.first() > 0) {
                high = beta;
            } else {
                low = beta;
            }
            double newton = beta - slope.first() / slope.second();
            boolean isBetter = newton > low && newton < high && 2 * Math.abs(newton - beta) <= Math.abs(lastStep);
            double next = isBetter ? newton : Math.sqrt(low * high);
            lastStep = next - beta;
            if (Math.abs(next / beta - 1) < TOLERANCE) {
                return 1 / next;
            }
            beta = next;
        }
        return 1 / beta;
    }

    /** Over images: E[s] − s(label) and Var[s], where s are the logits and the expectation is that of softmax(β s). */
    private static Slope slope(float[][] logits, int[] labels, double beta) {
        double first = 0;
        double second = 0;
        for (int i = 0; i < logits.length; i++) {
            float highest = logits[i][Confidences.answer(logits[i])];
            double sum = 0;
            double weighted = 0;
            double squares = 0;
            for (float logit : logits[i]) {
                double below = logit - highest; // softmax does not change when all logits are shifted
                double weight = Math.exp(beta * below);
                sum += weight;
                weighted += weight * below;
                squares += weight * below * below;
            }
            double mean = weighted / sum;
            first += mean - (logits[i][labels[i]] - highest);
            second += squares / sum - mean * mean;
        }
        return new Slope(first, second);
    }
}
