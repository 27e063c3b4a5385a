package dev.promptgate.experiments.method;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.step.StepReport;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A method that learns to tell classes apart from few shots: a prompt, or something beside the hand-written one. Stateless. */
@FunctionalInterface
public interface FewShotLearner {
    /** CLIP with the hand-written prompt (arXiv 2103.00020): learns nothing. */
    FewShotLearner ZERO_SHOT = (task, from, listener) -> new ContextLearner.Learned(task.model().textEncoder(),
            task.model().textEncoder().contextFrom(task.contextInit()));

    /**
     * What a method is to learn: to tell at least two classes apart by names, from the hand-written words on. The seed is of the order of
     * the batches, and of whatever else is random.
     */
    record TrainingTask(ClipModel model, List<String> classes, List<Sample> samples, String contextInit,
            TrainingSettings settings, long seed) {}

    /** What a method has learned. Not thread-safe. */
    interface Classifier {
        /**
         * The most likely class of each image [images][dim], L2-normalised, among the given ones, trained on or not: an index into these,
         * or −1 where it can name none of them.
         */
        int[] classify(float[][] images, List<String> classes);

        /** What must be kept and sent beside the model to classify by it, in bytes; numbers as float32. */
        long bytes();

        /** The learned context; empty if there is none, or if it depends on the image. */
        default Optional<Context> context() {
            return Optional.empty();
        }
    }

    /** How many steps {@link #learn} will take: 0 for a method that does not train by steps. */
    default int steps(TrainingTask task) {
        return 0;
    }

    /**
     * @param from what this method learned before, to go on from; empty: from the hand-written prompt
     * @param listener gets every step's report, on this thread
     * @throws NonFiniteLossException if a loss comes out as NaN or infinite
     */
    Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener);
}
