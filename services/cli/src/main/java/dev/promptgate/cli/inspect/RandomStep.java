package dev.promptgate.cli.inspect;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.loss.Batch;
import dev.promptgate.learning.loss.ClassDraw;
import dev.promptgate.learning.loss.CrossEntropy;
import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.loss.MethodLoss;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.PromptObjective;
import dev.promptgate.learning.loss.StepClasses;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.training.Optimiser;
import dev.promptgate.learning.training.SgdSettings;
import java.util.SplittableRandom;

/** A step of GCSCoOp on random prompts, features and labels, the same ones every time: its time does not depend on what is in them. */
public record RandomStep(PromptSet prompts, Context context, CrossEntropy loss) {
    private static final int CONTEXT_TOKENS = 4;

    /** {@code classes} have names of 1 to 4 tokens; {@code batch} images make the step. */
    public static RandomStep of(ClipModel model, int classes, int batch) {
        SplittableRandom random = new SplittableRandom(7);
        PromptSet prompts = model.textEncoder().promptsFromTokenIds(suffixes(model, classes, random), CONTEXT_TOKENS);
        float[] context = new float[CONTEXT_TOKENS * model.textWidth()];
        for (int i = 0; i < context.length; i++) {
            context[i] = (float) (0.02 * random.nextGaussian());
        }
        float[][] images = new float[batch][];
        for (int i = 0; i < batch; i++) {
            images[i] = unitVector(model.featureDim(), random);
        }
        int[] labels = random.ints(batch, 0, classes).toArray();
        return new RandomStep(prompts, new Context(CONTEXT_TOKENS, model.textWidth(), context),
                new CrossEntropy(images, labels, model.logitScale()));
    }

    /** Names of 1 to 4 random tokens, the full stop, EOS. */
    private static int[][] suffixes(ClipModel model, int classes, SplittableRandom random) {
        int[][] suffixes = new int[classes][];
        for (int c = 0; c < classes; c++) {
            suffixes[c] = random.ints(3 + c % 4, 1, model.config().text().bosId()).toArray();
            suffixes[c][suffixes[c].length - 1] = model.config().text().eosId();
        }
        return suffixes;
    }

    /** A random feature of unit length. */
    public static float[] unitVector(int dim, SplittableRandom random) {
        float[] values = new float[dim];
        double squares = 0;
        for (int i = 0; i < dim; i++) {
            values[i] = (float) random.nextGaussian();
            squares += values[i] * values[i];
        }
        for (int i = 0; i < dim; i++) {
            values[i] /= (float) Math.sqrt(squares);
        }
        return values;
    }

    /** The loss through one way of encoding the prompts. */
    public PromptObjective objective(TextEncoder encoder) {
        return new PromptObjective(encoder, prompts, context, loss);
    }

    /** The loss as the learner descends it, over all classes or over those that one step draws. */
    public Objective objective(ClipModel model, int classesPerStep) {
        StepClasses classes = new ClassDraw(prompts.size(), classesPerStep, 1).next(loss.labels());
        return MethodLoss.crossEntropy(LabelLoss.CROSS_ENTROPY).prepare(model, prompts, context).of(new Batch(loss.images(), loss.labels()),
                classes);
    }

    /** Two gradients and the update. */
    public Optimiser.Step take(Objective objective) {
        return new Optimiser(MethodSettings.defaults(ContextMethod.GCSCOOP).rule(), SgdSettings.DEFAULT).step(context.values(), objective,
                SgdSettings.DEFAULT.learningRate());
    }
}
