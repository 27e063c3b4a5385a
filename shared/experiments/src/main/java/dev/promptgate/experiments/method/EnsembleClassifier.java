package dev.promptgate.experiments.method;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.TextEncoder;
import java.util.List;
import java.util.Optional;

/**
 * Classifies by the normalised mean, over several hand-written prompts, of each class's normalised text feature. The features of the last
 * classes asked for are kept: they cost one pass a prompt. Not thread-safe.
 */
final class EnsembleClassifier implements Classifier {
    private final TextEncoder encoder;
    private final List<String> templates;
    private List<String> encoded;
    private float[][] features;

    /** @param templates the words before the class name */
    EnsembleClassifier(TextEncoder encoder, List<String> templates) {
        this.encoder = encoder;
        this.templates = templates;
    }

    @Override
    public int[] classify(float[][] images, List<String> classes) {
        return new ClassScorer(features(classes)).nearest(images);
    }

    @Override
    public Optional<Context> context() {
        return Optional.empty();
    }

    /** [classes][dim], L2-normalised. */
    float[][] features(List<String> names) {
        if (!names.equals(encoded)) {
            features = ensemble(names);
            encoded = List.copyOf(names);
        }
        return features;
    }

    private float[][] ensemble(List<String> names) {
        double[][] sums = new double[names.size()][];
        for (String words : templates) {
            Context context = encoder.contextFrom(words);
            float[][] one = encoder.features(context, encoder.prompts(names, context.tokens()));
            for (int c = 0; c < sums.length; c++) {
                sums[c] = sums[c] == null ? new double[one[c].length] : sums[c];
                for (int d = 0; d < one[c].length; d++) {
                    sums[c][d] += one[c][d];
                }
            }
        }
        float[][] normalised = new float[sums.length][];
        for (int c = 0; c < sums.length; c++) {
            normalised[c] = normalised(sums[c]);
        }
        return normalised;
    }

    private static float[] normalised(double[] sum) {
        double squares = 0;
        for (double value : sum) {
            squares += value * value;
        }
        float[] result = new float[sum.length];
        for (int d = 0; d < result.length; d++) {
            result[d] = (float) (sum[d] / Math.sqrt(squares));
        }
        return result;
    }
}
