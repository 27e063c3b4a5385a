package dev.promptgate.learning.continual;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.memory.ClassBalancedSampler;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.learning.method.ContextTraining;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.training.Optimiser;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An update that has begun: everything that its outcome depends on, as it was then. Immutable, so that any thread may run it.
 *
 * @param number counted from 1, failed updates included; with the seed of the settings it seeds the batches, and the classes that steps
 *     draw
 * @param isShort whether it takes the steps of a short update
 * @param initial the hand-written context
 * @param start the context that the first step starts from
 */
public record Update(LearningSettings settings, PromptModel model, long number, boolean isShort, TrainingSet trainingSet, Context initial,
        Context start) {
    /**
     * What it learns from.
     *
     * @param readyAt per class, when its last needed shot was produced, epoch milliseconds; in the order of the names
     * @param shots of each class, in the order of the names
     * @param descriptions of all classes that have one
     */
    public record TrainingSet(Map<String, Long> readyAt, List<List<Shot>> shots, Descriptions descriptions) {
        /** Those trained on, in the order of their names. */
        public List<String> classes() {
            return List.copyOf(readyAt.keySet());
        }
    }

    /**
     * Runs it; twice gives the same twice.
     *
     * @param listener gets every step's report, on this thread; what it throws ends the update
     * @throws NonFiniteLossException if a loss comes out as NaN or infinite
     */
    public UpdateResult run(Consumer<StepReport> listener) {
        List<String> texts = trainingSet.descriptions().texts(trainingSet.classes());
        long seed = settings.seed() * 1_000_003 + number;
        ClassBalancedSampler sampler = new ClassBalancedSampler(trainingSet.shots(), seed);
        LearningSettings.Update update = settings.update();
        int steps = isShort ? Math.min(settings.urgency().steps(), update.steps()) : update.steps();
        Optimiser.Result result = new ContextTraining(model, texts, initial, settings.method(), settings.sgd(), seed).run(start, steps,
                Math.min(update.warmUpSteps(), steps - 1), () -> sampler.next(update.batch()), listener);
        int images = trainingSet.shots().stream().mapToInt(List::size).sum();
        return new UpdateResult(number, isShort, start.withValues(result.parameters()), trainingSet.readyAt(),
                trainingSet.descriptions(), images, result.reports());
    }
}
