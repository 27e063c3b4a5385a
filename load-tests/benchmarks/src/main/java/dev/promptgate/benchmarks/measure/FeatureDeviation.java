package dev.promptgate.benchmarks.measure;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.learning.loss.Vectors;
import java.util.List;

/** How far features of images decoded at reduced size are from those of whole ones: cosines, 1 for equal features. */
public record FeatureDeviation(double leastCosine, double meanCosine) {
    public static FeatureDeviation of(ClipModel model, double reducingGap, List<byte[]> files) throws ImageRejectedException {
        ImagePreprocessor whole = model.preprocessor().withJpegReducingGap(ImagePreprocessor.WHOLE);
        ImagePreprocessor reduced = whole.withJpegReducingGap(reducingGap);
        double least = 1;
        double sum = 0;
        for (byte[] file : files) {
            float[][] features = model.imageEncoder().encode(List.of(whole.preprocess(file), reduced.preprocess(file)));
            double cosine = Vectors.dot(features[0], features[1]);
            least = Math.min(least, cosine);
            sum += cosine;
        }
        return new FeatureDeviation(least, sum / files.size());
    }
}
