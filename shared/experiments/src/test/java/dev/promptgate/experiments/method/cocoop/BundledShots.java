package dev.promptgate.experiments.method.cocoop;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.experiments.method.TrainingSample;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.method.TrainingTask;
import java.util.ArrayList;
import java.util.List;

/** The first classes of the bundled images, encoded by the bundled model. */
final class BundledShots {
    private BundledShots() {}

    static TrainingTask task(ClipModel model, int classes, int shots, double learningRate, long seed) {
        List<String> names = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(classes).toList();
        List<float[]> pixels = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (String name : names) {
            SampleStream.entries().stream().filter(entry -> entry.label().equals(name) && entry.split().equals("train")).limit(shots).forEach(entry -> {
                pixels.add(pixels(model, entry));
                labels.add(names.indexOf(name));
            });
        }
        float[][] features = model.imageEncoder().encode(pixels);
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < features.length; i++) {
            samples.add(new TrainingSample(labels.get(i), new float[][] {features[i]}));
        }
        return new TrainingTask(model, names, samples, "a photo of a", new TrainingSettings(50, 32, learningRate, 1, 0.9, 5e-4), seed);
    }

    private static float[] pixels(ClipModel model, SampleStream.Entry entry) {
        try {
            return model.preprocessor().preprocess(SampleStream.bytes(entry));
        } catch (ImageRejectedException e) {
            throw new IllegalStateException(entry.file(), e);
        }
    }
}
