package dev.promptgate.learning.accuracy;

import dev.promptgate.clip.scoring.ClassScorer;

/**
 * What a prompt takes an image for: the index of the nearest class among the half of the classes, seen or unseen, that its own belongs to,
 * and among all; of equally near ones the first.
 */
public record Nearest(int ofHalf, int ofAll) {
    /** @param image [dim], L2-normalised */
    public static Nearest of(float[] image, boolean isSeen, ClassScorer scorer, int seenClasses) {
        float[] scores = scorer.score(image);
        return new Nearest(ClassScorer.best(scores, isSeen ? 0 : seenClasses, isSeen ? seenClasses : scores.length),
                ClassScorer.best(scores, 0, scores.length));
    }
}
