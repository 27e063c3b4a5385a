package dev.promptgate.experiments.method;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.optimiser.CosineSchedule;
import dev.promptgate.learning.optimiser.Optimiser;
import dev.promptgate.learning.optimiser.StepReport;
import dev.promptgate.learning.optimiser.StepRule;
import dev.promptgate.learning.optimiser.TrainingLoop;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Every method that learns one context for all images: they differ in how a step finds its direction and in the loss.
 *
 * @param rule makes the rule of one run, with a fresh state
 */
public record ContextLearner(Supplier<StepRule> rule, LossFactory loss) implements PromptLearner {
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
        PromptSet prompts = encoder.prompts(task.classes(), start.tokens());
        LossFactory.Losses losses = loss.prepare(task, prompts, handWritten);
        Epochs epochs = new Epochs(task.samples(), settings.batch(), task.seed());
        int perEpoch = Epochs.batches(task.samples().size(), settings.batch());
        CosineSchedule schedule = new CosineSchedule(settings.learningRate(), steps(task), settings.warmUpEpochs() * perEpoch);
        TrainingLoop loop = new TrainingLoop(new Optimiser(rule.get(), settings.momentum(), settings.weightDecay()), schedule);
        TrainingLoop.Result result = loop.run(start.values(), step -> losses.objective(epochs.next()), listener);
        return new ContextClassifier(encoder, start.withValues(result.parameters()));
    }
}
