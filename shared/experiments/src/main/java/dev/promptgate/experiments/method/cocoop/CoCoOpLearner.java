package dev.promptgate.experiments.method.cocoop;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.ConditionalEncoder;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.experiments.method.Classifier;
import dev.promptgate.experiments.method.Epochs;
import dev.promptgate.experiments.method.PromptLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.method.TrainingTask;
import dev.promptgate.learning.step.PlainGradient;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.training.CosineSchedule;
import dev.promptgate.learning.training.Optimiser;
import dev.promptgate.learning.training.TrainingLoop;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * CoCoOp (arXiv 2203.05557): SGD on the context and the meta-net together. Every image needs a pass of its own through the text tower,
 * so it keeps its paper's schedule of few epochs in steps of one image; rates, momentum and weight decay are the task's.
 *
 * @param batch images a step; the paper's is 1
 * @param epochs the paper's are 10
 */
public record CoCoOpLearner(int batch, int epochs) implements PromptLearner {
    /** As the authors' configuration has it. */
    public static final TrainingSettings SCHEDULE = TrainingSettings.of(10, 1);

    /** @throws IllegalArgumentException if one is not positive */
    public CoCoOpLearner {
        if (batch < 1 || epochs < 1) {
            throw new IllegalArgumentException(
                    "CoCoOp's batch and epochs must be positive [batch: %d, epochs: %d]".formatted(batch, epochs));
        }
    }

    /** With the paper's batch and epochs. */
    public static CoCoOpLearner published() {
        return new CoCoOpLearner(SCHEDULE.batch(), SCHEDULE.epochs());
    }

    @Override
    public int steps(TrainingTask task) {
        return epochs * Epochs.batches(task.samples().size(), batch);
    }

    /** Goes on from an earlier {@link CoCoOpClassifier}, its meta-net included. */
    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        ClipModel model = task.model();
        TrainingSettings settings = task.settings();
        CoCoOpClassifier start = from.filter(CoCoOpClassifier.class::isInstance).map(CoCoOpClassifier.class::cast)
                .orElseGet(() -> untrained(task));
        ConditionalContext conditional = start.conditional();
        ConditionalEncoder encoder = model.textEncoder().conditional();
        PromptSet prompts = model.textEncoder().prompts(task.classes(), conditional.shape().tokens());
        Epochs batches = new Epochs(task.samples(), batch, task.seed());
        int warmUp = Math.min(settings.warmUpEpochs(), epochs - 1) * Epochs.batches(task.samples().size(), batch);
        CosineSchedule schedule = new CosineSchedule(settings.learningRate(), steps(task), warmUp);
        TrainingLoop loop = new TrainingLoop(new Optimiser(new PlainGradient(), settings.sgd()), schedule);
        float[] learned = loop.run(start.parameters(),
                step -> new CoCoOpObjective(encoder, prompts, conditional, batches.next(), model.logitScale()), listener).parameters();
        return new CoCoOpClassifier(model.textEncoder(), conditional, learned);
    }

    /** The hand-written context and a freshly drawn meta-net. */
    private static CoCoOpClassifier untrained(TrainingTask task) {
        Context handWritten = task.model().textEncoder().contextFrom(task.contextInit());
        MetaNet net = MetaNet.between(task.model().featureDim(), task.model().textWidth());
        float[] parameters = ConditionalContext.start(handWritten, net, task.seed());
        return new CoCoOpClassifier(task.model().textEncoder(), new ConditionalContext(handWritten, net), parameters);
    }
}
