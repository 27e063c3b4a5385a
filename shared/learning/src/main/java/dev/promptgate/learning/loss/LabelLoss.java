package dev.promptgate.learning.loss;

import java.util.Locale;

/**
 * What a prediction costs by the probability p that it gives an image's label: (1 − p^q) / q, generalised cross-entropy (arXiv 1805.07836).
 * Its gradient is that of cross-entropy times p^q, so that images whose label the prediction finds unlikely, as wrong labels are, count
 * less the greater q is.
 */
public enum LabelLoss {
    /** −log p, the limit of q = 0: every image counts. */
    CROSS_ENTROPY(0),
    /** q = 0.7, of its paper. */
    GENERALISED_CROSS_ENTROPY(0.7),
    /** 1 − p, the mean absolute error up to a factor of two: q = 1, as NLPrompt's code (arXiv 2412.01256, trainers/nlprompt.py) has it. */
    MAE(1);

    private final double q;

    LabelLoss(double q) {
        this.q = q;
    }

    /** As settings and command line name it, e.g. {@code mae}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    double loss(double logProbability) {
        return q == 0 ? -logProbability : (1 - Math.exp(q * logProbability)) / q;
    }

    /** What cross-entropy's gradient is to be multiplied by. */
    double weight(double logProbability) {
        return q == 0 ? 1 : Math.exp(q * logProbability);
    }
}
