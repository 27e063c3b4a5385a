package dev.promptgate.experiments.method;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.method.ContextTraining;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.step.StepReport;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A method of the catalogue: it learns one context for all images. */
public record ContextLearner(MethodSettings method) implements FewShotLearner {
    record Learned(TextEncoder encoder, Context learned) implements Classifier {
        @Override
        public int[] classify(float[][] images, List<String> classes) {
            PromptSet prompts = encoder.prompts(classes, learned.tokens());
            return new ClassScorer(encoder.features(learned, prompts)).nearest(images);
        }

        @Override
        public long bytes() {
            return (long) learned.values().length * Float.BYTES;
        }

        @Override
        public Optional<Context> context() {
            return Optional.of(learned);
        }
    }

    @Override
    public int steps(TrainingTask task) {
        return task.settings().epochs() * Epochs.batches(task.samples().size(), task.settings().batch());
    }

    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        TextEncoder encoder = task.model().textEncoder();
        TrainingSettings settings = task.settings();
        Context handWritten = encoder.contextFrom(task.contextInit());
        Context start = from.flatMap(Classifier::context).orElse(handWritten);
        Epochs epochs = new Epochs(task.samples(), settings.batch(), task.seed());
        int warmUp = settings.warmUpEpochs() * Epochs.batches(task.samples().size(), settings.batch());
        float[] learned = new ContextTraining(task.model(), task.classes(), handWritten, method, settings.sgd(), task.seed())
                .run(start, steps(task), warmUp, epochs::next, listener).parameters();
        return new Learned(encoder, start.withValues(learned));
    }
}
