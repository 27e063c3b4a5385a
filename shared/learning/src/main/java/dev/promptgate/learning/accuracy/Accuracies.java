package dev.promptgate.learning.accuracy;

/**
 * The accuracies of one prompt, as fractions. Seen: within the classes trained on. Unseen: within classes never trained. Joint: all images
 * against all classes, as users live it. NaN where there is no image to tell.
 */
public record Accuracies(double seen, double unseen, double joint) {
    /** Of seen and unseen classes; NaN where either is unknown. */
    public double harmonicMean() {
        return harmonicMean(seen, unseen);
    }

    /** HM = 2 · a · b / (a + b); 0 where both are 0. */
    public static double harmonicMean(double a, double b) {
        return a + b == 0 ? 0 : 2 * a * b / (a + b);
    }
}
