package dev.promptgate.learning.accuracy;

/**
 * The accuracies of one prompt, as fractions. Seen: within the classes trained on. Unseen: within classes never trained. Joint: all images
 * against all classes, as users live it. NaN where there is no image to tell.
 */
public record Accuracies(double seen, double unseen, double joint) {
    /** HM = 2 · seen · unseen / (seen + unseen); 0 where both are 0, NaN where either is unknown. */
    public double harmonicMean() {
        return seen + unseen == 0 ? 0 : 2 * seen * unseen / (seen + unseen);
    }
}
