package dev.promptgate.benchmarks.measure;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.vision.ImageEncoder;
import dev.promptgate.learning.loss.Vectors;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model's precision does to features, against the same weights in float32.
 *
 * @param leastCosine of any image's two features
 * @param firstLabelsChanged share of the images that "a photo of a" takes for another class of the sample stream
 */
public record PrecisionLoss(double leastCosine, double firstLabelsChanged) {
    private static final int BATCH = 32;

    /** @param pixels preprocessed images */
    public static PrecisionLoss of(ClipModel model, List<float[]> pixels) {
        float[][] features = encode(model.imageEncoder(), pixels);
        float[][] expected = encode(model.imageEncoder().inBfloat16(false), pixels);
        Context context = model.textEncoder().contextFrom("a photo of a");
        List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().toList();
        ClassScorer scorer = new ClassScorer(
                model.textEncoder().features(context, model.textEncoder().prompts(classes, context.tokens())));
        int[] labels = scorer.nearest(features);
        int[] expectedLabels = scorer.nearest(expected);
        double least = 1;
        double changed = 0;
        for (int i = 0; i < features.length; i++) {
            least = Math.min(least, Vectors.dot(features[i], expected[i]));
            changed += labels[i] == expectedLabels[i] ? 0 : 1;
        }
        return new PrecisionLoss(least, changed / features.length);
    }

    private static float[][] encode(ImageEncoder encoder, List<float[]> pixels) {
        List<float[]> features = new ArrayList<>();
        for (int i = 0; i < pixels.size(); i += BATCH) {
            features.addAll(List.of(encoder.encode(pixels.subList(i, Math.min(pixels.size(), i + BATCH)))));
        }
        return features.toArray(float[][]::new);
    }
}
