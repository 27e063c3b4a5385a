package dev.promptgate.learning.gate;

/**
 * The two prompts' answers on the same images.
 *
 * @param bothRight images that both get right
 * @param onlyCandidateRight images that the candidate wins
 * @param onlyLiveRight images that the candidate loses
 * @param bothWrong images that neither gets right
 */
public record PairedOutcomes(int bothRight, int onlyCandidateRight, int onlyLiveRight, int bothWrong) {
    /** Counts the pairs; the arrays speak of the same images in the same order. */
    public static PairedOutcomes of(boolean[] candidate, boolean[] live) {
        int[] counts = new int[4];
        for (int i = 0; i < candidate.length; i++) {
            counts[(candidate[i] ? 0 : 2) + (live[i] ? 0 : 1)]++;
        }
        return new PairedOutcomes(counts[0], counts[1], counts[2], counts[3]);
    }

    /** How many images there are. */
    public int images() {
        return bothRight + onlyCandidateRight + onlyLiveRight + bothWrong;
    }

    /** Accuracy of the candidate, NaN without images. */
    public double candidateAccuracy() {
        return (double) (bothRight + onlyCandidateRight) / images();
    }

    /** Accuracy of the live prompt, NaN without images. */
    public double liveAccuracy() {
        return (double) (bothRight + onlyLiveRight) / images();
    }

    /** Candidate minus live. */
    public double difference() {
        return (double) (onlyCandidateRight - onlyLiveRight) / images();
    }

    /**
     * A one-sided confidence bound of the difference: the Wald bound after adding ½ to each of the four cells, which keeps its level with
     * few discordant pairs too (Agresti and Min 2005, "Simple improved confidence intervals for comparing matched proportions").
     *
     * @param z quantile of the normal distribution; negative for the lower bound
     */
    public double bound(double z) {
        double n = images() + 2.0;
        double gain = onlyCandidateRight + 0.5;
        double loss = onlyLiveRight + 0.5;
        double difference = (gain - loss) / n;
        double standardError = Math.sqrt(gain + loss - (gain - loss) * (gain - loss) / n) / n;
        return Math.max(-1, Math.min(1, difference + z * standardError));
    }
}
