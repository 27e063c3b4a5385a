package dev.promptgate.learning.suspect;

import dev.promptgate.clip.scoring.ClassScorer;

/**
 * What a prompt says of one labelled image: of p(k|x), the softmax of its logits over all classes, the self-confidence p(label|x) and the
 * {@value #MOST} greatest, the greatest first; of equal ones the first.
 *
 * @param label class index
 * @param classes indices of the most probable classes
 * @param probabilities p(k|x) of each of these
 */
public record Prediction(int label, double selfConfidence, int[] classes, double[] probabilities) {
    /** So that an image takes the same memory among any number of classes. */
    static final int MOST = 5;

    /** @param image [dim], L2-normalised */
    public static Prediction of(float[] image, int label, ClassScorer scorer, float logitScale) {
        float[] logits = new float[scorer.classes()];
        scorer.score(image, logitScale, logits);
        int[] top = greatest(logits);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - logits[top[0]]);
        }
        double[] probabilities = new double[top.length];
        for (int i = 0; i < top.length; i++) {
            probabilities[i] = Math.exp(logits[top[i]] - logits[top[0]]) / sum;
        }
        return new Prediction(label, Math.exp(logits[label] - logits[top[0]]) / sum, top, probabilities);
    }

    private static int[] greatest(float[] logits) {
        int[] top = new int[Math.min(MOST, logits.length)];
        int count = 0;
        for (int c = 0; c < logits.length; c++) {
            int place = count;
            while (place > 0 && logits[c] > logits[top[place - 1]]) {
                place--;
            }
            if (place < top.length) {
                count = Math.min(count + 1, top.length);
                System.arraycopy(top, place, top, place + 1, count - 1 - place);
                top[place] = c;
            }
        }
        return top;
    }
}
