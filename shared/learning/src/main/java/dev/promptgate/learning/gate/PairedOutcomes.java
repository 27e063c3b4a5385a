package dev.promptgate.learning.gate;

/** How often both, one or neither of two prompts got an image right: the candidate wins those that only it does. */
public record PairedOutcomes(int bothRight, int onlyCandidateRight, int onlyLiveRight, int bothWrong) {
    /** Counts the pairs; the arrays speak of the same images in the same order. */
    public static PairedOutcomes of(boolean[] candidate, boolean[] live) {
        int[] counts = new int[4];
        for (int i = 0; i < candidate.length; i++) {
            counts[(candidate[i] ? 0 : 2) + (live[i] ? 0 : 1)]++;
        }
        return new PairedOutcomes(counts[0], counts[1], counts[2], counts[3]);
    }

    public int images() {
        return bothRight + onlyCandidateRight + onlyLiveRight + bothWrong;
    }

    /** In [0, 1]; NaN without images. */
    public double candidateAccuracy() {
        return (double) (bothRight + onlyCandidateRight) / images();
    }

    /** In [0, 1]; NaN without images. */
    public double liveAccuracy() {
        return (double) (bothRight + onlyLiveRight) / images();
    }

    public double difference() {
        return (double) (onlyCandidateRight - onlyLiveRight) / images();
    }
}
