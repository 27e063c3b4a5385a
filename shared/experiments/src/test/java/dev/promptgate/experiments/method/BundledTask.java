package dev.promptgate.experiments.method;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.learning.loss.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A few classes of the sample stream, encoded by the bundled model. */
public final class BundledTask {
    final ClipModel model;
    final List<String> classes;
    private final List<Sample> samples = new ArrayList<>();

    /** Of the first classes, so many training images each. */
    public BundledTask(ClipModel model, int classCount, int shots) throws ImageRejectedException {
        this.model = model;
        classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(classCount).toList();
        List<SampleStream.Entry> training = classes.stream().flatMap(name -> SampleStream.entries().stream()
                .filter(entry -> entry.label().equals(name) && entry.split().equals("train")).limit(shots)).toList();
        List<float[]> pixels = new ArrayList<>();
        for (SampleStream.Entry entry : training) {
            pixels.add(model.preprocessor().preprocess(SampleStream.bytes(entry)));
        }
        float[][] features = model.imageEncoder().encode(pixels);
        for (int i = 0; i < features.length; i++) {
            samples.add(new Sample(training.get(i).file(), classes.indexOf(training.get(i).label()), new float[][] {features[i]}));
        }
    }

    public TrainingTask task(TrainingSettings settings, long seed) {
        return new TrainingTask(model, classes, samples, "a photo of a", settings, seed);
    }

    /** The same images and names, the classes in another order: class c goes to place order[c]. */
    TrainingTask permuted(int[] order, TrainingSettings settings, long seed) {
        String[] names = new String[order.length];
        IntStream.range(0, order.length).forEach(c -> names[order[c]] = classes.get(c));
        List<Sample> relabelled = samples.stream().map(sample -> new Sample(sample.id(), order[sample.classIndex()], sample.views()))
                .toList();
        return new TrainingTask(model, List.of(names), relabelled, "a photo of a", settings, seed);
    }

    float[][] images() {
        return samples.stream().map(sample -> sample.views()[0]).toArray(float[][]::new);
    }

    public Batch all() {
        return new Batch(images(), samples.stream().mapToInt(Sample::classIndex).toArray());
    }
}
