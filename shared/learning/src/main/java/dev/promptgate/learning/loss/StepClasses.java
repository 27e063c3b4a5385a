package dev.promptgate.learning.loss;

import dev.promptgate.clip.text.PromptSet;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The classes that one step tells apart: all of a training, or a sample of them that holds those of the batch.
 *
 * @param indices among the training's classes, ascending
 * @param counts how many classes each stands for, 1/π of one that is drawn with probability π: 1 for those that are in with certainty
 * @param of all classes of the training
 */
public record StepClasses(int[] indices, double[] counts, int of) {
    public static StepClasses all(int classes) {
        double[] counts = new double[classes];
        Arrays.fill(counts, 1);
        return new StepClasses(IntStream.range(0, classes).toArray(), counts, classes);
    }

    public boolean isAll() {
        return indices.length == of;
    }

    /**
     * What is added to the logits, [classes]: −log π. So each stands for as many in the softmax's denominator. Empty, so that nothing is
     * added, for all classes.
     */
    float[] correction() {
        float[] correction = new float[isAll() ? 0 : counts.length];
        for (int c = 0; c < correction.length; c++) {
            correction[c] = (float) Math.log(counts[c]);
        }
        return correction;
    }

    /** A batch whose labels are indices among the training's classes, with indices among these. */
    Batch of(Batch batch) {
        return isAll() ? batch
                : new Batch(batch.images(), Arrays.stream(batch.labels()).map(label -> Arrays.binarySearch(indices, label)).toArray());
    }

    PromptSet of(PromptSet prompts) {
        return isAll() ? prompts : prompts.only(indices);
    }

    /** @param features of all classes, [classes][dim] */
    float[][] of(float[][] features) {
        return isAll() ? features : Arrays.stream(indices).mapToObj(c -> features[c]).toArray(float[][]::new);
    }
}
