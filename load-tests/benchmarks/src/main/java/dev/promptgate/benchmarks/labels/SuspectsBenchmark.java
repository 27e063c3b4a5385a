package dev.promptgate.benchmarks.labels;

import dev.promptgate.benchmarks.labels.PlantedErrors.Kind;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.suspect.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.lang3.ArrayUtils;

/**
 * Plants wrong labels into training and held-out images, trains a prompt by GCSCoOp on the wrong training labels as they are, and looks for
 * them by it and by the hand-written prompt: among the training images, which the trained prompt has seen, the held-out ones, which it has
 * not, and all.
 */
public record SuspectsBenchmark(ClipModel model, FeatureSet data, String words, TrainingSettings schedule) {
    /** Images with right and wrong labels, and which are wrong. */
    private record Part(List<Sample> samples, int[] right, PlantedErrors planted) {
        static Part of(List<Sample> samples, double rate, Kind kind, float[][] text, long seed) {
            int[] right = samples.stream().mapToInt(Sample::classIndex).toArray();
            return new Part(samples, right, PlantedErrors.into(right, rate, kind, text, seed));
        }

        Part and(Part other) {
            boolean[] wrong = ArrayUtils.addAll(planted.wrong(), other.planted.wrong());
            return new Part(Stream.concat(samples.stream(), other.samples.stream()).toList(), ArrayUtils.addAll(right, other.right),
                    new PlantedErrors(ArrayUtils.addAll(planted.labels(), other.planted.labels()), wrong));
        }

        List<Sample> mislabelled() {
            return IntStream.range(0, right.length).mapToObj(i -> new Sample(samples.get(i).id(), planted.labels()[i],
                    samples.get(i).views())).toList();
        }
    }

    /** Every kind of error at a rate, a fraction. */
    public List<Detection> run(double rate, long seed) {
        List<Detection> detections = new ArrayList<>();
        TextEncoder encoder = model.textEncoder();
        Context handWritten = encoder.contextFrom(words);
        for (Kind kind : Kind.values()) {
            float[][] text = encoder.features(handWritten, encoder.prompts(data.classes(), handWritten.tokens()));
            Part train = Part.of(data.train(), rate, kind, text, 2 * seed);
            Part heldOut = Part.of(data.test(), rate, kind, text, 2 * seed + 1);
            Map<String, Part> parts = new LinkedHashMap<>();
            parts.put("training", train);
            parts.put("held-out", heldOut);
            parts.put("all", train.and(heldOut));
            Map<String, Context> prompts = new LinkedHashMap<>();
            prompts.put("hand-written", handWritten);
            prompts.put("trained", train(train.mislabelled(), seed));
            prompts.forEach((prompt, context) -> parts.forEach((images, part) -> detections.add(new Detection(kind.wireName(), rate, seed,
                    prompt, images, detect(context, part)))));
        }
        return detections;
    }

    private Context train(List<Sample> samples, long seed) {
        return new ContextLearner(MethodSettings.defaults(ContextMethod.GCSCOOP))
                .learn(new FewShotLearner.TrainingTask(model, data.classes(), samples, words, schedule, seed), Optional.empty(),
                        step -> {})
                .context().orElseThrow();
    }

    private Map<String, Double> detect(Context context, Part part) {
        TextEncoder encoder = model.textEncoder();
        ClassScorer scorer = new ClassScorer(encoder.features(context, encoder.prompts(data.classes(), context.tokens())));
        List<Prediction> predictions = IntStream.range(0, part.samples().size()).mapToObj(i -> Prediction
                .of(part.samples().get(i).views()[0], part.planted().labels()[i], scorer, model.logitScale())).toList();
        return Detection.figures(predictions, part.planted(), part.right(), data.classes());
    }
}
