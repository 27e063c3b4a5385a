package dev.promptgate.experiments.method.cocoop;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.ConditionalEncoder;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.experiments.method.Epochs;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.learning.loss.Batch;
import dev.promptgate.learning.loss.CrossEntropy;
import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.TextLoss;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.step.StepRules;
import dev.promptgate.learning.training.CosineSchedule;
import dev.promptgate.learning.training.Optimiser;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.lang3.Validate;

/**
 * CoCoOp (arXiv 2203.05557): SGD on the context and the meta-net together. Every image needs a pass of its own through the text tower, so
 * it keeps its paper's schedule of few epochs in steps of one image; rates, momentum and weight decay are the task's.
 */
public record CoCoOpLearner(int batch, int epochs) implements FewShotLearner {
    /** As the authors' configuration has it. */
    public static final TrainingSettings SCHEDULE = TrainingSettings.of(10, 1);

    /** @throws IllegalArgumentException if one is not positive */
    public CoCoOpLearner {
        Validate.isTrue(batch >= 1 && epochs >= 1, "CoCoOp's batch and epochs must be positive [batch: %d, epochs: %d]", batch, epochs);
    }

    public static CoCoOpLearner published() {
        return new CoCoOpLearner(SCHEDULE.batch(), SCHEDULE.epochs());
    }

    @Override
    public int steps(TrainingTask task) {
        return epochs * Epochs.batches(task.samples().size(), batch);
    }

    /** Goes on from an earlier {@link Learned}, its meta-net included. */
    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        ClipModel model = task.model();
        TrainingSettings settings = task.settings();
        Learned start = from.filter(Learned.class::isInstance).map(Learned.class::cast).orElseGet(() -> untrained(task));
        ConditionalContext conditional = start.conditional();
        ConditionalEncoder encoder = model.textEncoder().conditional();
        PromptSet prompts = model.textEncoder().prompts(task.classes(), conditional.shape().tokens());
        Epochs batches = new Epochs(task.samples(), batch, task.seed());
        int warmUp = Math.min(settings.warmUpEpochs(), epochs - 1) * Epochs.batches(task.samples().size(), batch);
        CosineSchedule schedule = new CosineSchedule(settings.learningRate(), steps(task), warmUp);
        float[] learned = new Optimiser(StepRules.plainGradient(), settings.sgd()).run(schedule, start.parameters(),
                step -> new BatchLoss(encoder, prompts, conditional, batches.next(), model.logitScale()), listener).parameters();
        return new Learned(model.textEncoder(), conditional, learned);
    }

    /** The hand-written context and a freshly drawn meta-net. */
    private static Learned untrained(TrainingTask task) {
        Context handWritten = task.model().textEncoder().contextFrom(task.contextInit());
        MetaNet net = MetaNet.between(task.model().featureDim(), task.model().textWidth());
        float[] parameters = ConditionalContext.start(handWritten, net, task.seed());
        return new Learned(task.model().textEncoder(), new ConditionalContext(handWritten, net), parameters);
    }

    /**
     * Classifies each image by a context of its own: every class is encoded anew for every image, many images in one pass. Parameters:
     * {@code [v1 … vN | W1 | b1 | W2 | b2]}; read only.
     */
    record Learned(TextEncoder encoder, ConditionalContext conditional, float[] parameters) implements Classifier {
        @Override
        public int[] classify(float[][] images, List<String> classes) {
            int[] nearest = new int[images.length];
            encoder.conditional().features(conditional.of(parameters, images), encoder.prompts(classes, conditional.shape().tokens()),
                    (text, i) -> nearest[i] = new ClassScorer(text).nearest(new float[][] {images[i]})[0]);
            return nearest;
        }

        @Override
        public long bytes() {
            return (long) parameters.length * Float.BYTES;
        }
    }

    /** The loss of one batch: the mean over the images of the cross-entropy of each against the classes' features under its own context. */
    record BatchLoss(ConditionalEncoder encoder, PromptSet prompts, ConditionalContext context, Batch batch,
            float scale) implements Objective {
        @Override
        public LossGradient at(float[] parameters) {
            float[][] images = batch.images();
            double[] losses = new double[images.length];
            float[][] byContext = encoder.gradients(context.of(parameters, images), prompts, (i, text) -> {
                TextLoss.Result result = new CrossEntropy(new float[][] {images[i]}, new int[] {batch.labels()[i]}, scale).at(text);
                losses[i] = result.loss();
                return result.byTextFeatures();
            });
            double loss = 0;
            float[] gradient = new float[parameters.length];
            for (int i = 0; i < images.length; i++) {
                loss += losses[i] / images.length;
                for (int j = 0; j < byContext[i].length; j++) {
                    byContext[i][j] /= images.length;
                }
                context.backward(parameters, images[i], byContext[i], gradient);
            }
            return new LossGradient(loss, gradient);
        }
    }
}
