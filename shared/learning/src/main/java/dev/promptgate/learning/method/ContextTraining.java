package dev.promptgate.learning.method;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.learning.loss.Batch;
import dev.promptgate.learning.loss.ClassDraw;
import dev.promptgate.learning.loss.MethodLoss;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.training.CosineSchedule;
import dev.promptgate.learning.training.Optimiser;
import dev.promptgate.learning.training.SgdSettings;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A training of one context by a method of the catalogue, to tell classes apart by their names: what an update of the learner and a run of
 * the comparison have in common. Some losses hold on to the hand-written prompt's context; the seed is of the classes that steps draw,
 * where they do not take all.
 *
 * @param classes what stands in their prompts: names, or descriptions
 */
public record ContextTraining(PromptModel model, List<String> classes, Context handWritten, MethodSettings method, SgdSettings sgd,
        long seed) {
    /**
     * @param warmUpSteps of the steps, those at the small constant rate
     * @param listener gets every step's report, on this thread; what it throws ends the training
     * @throws NonFiniteLossException if a loss comes out as NaN or infinite
     */
    public Optimiser.Result run(Context start, int steps, int warmUpSteps, Supplier<Batch> batches, Consumer<StepReport> listener) {
        PromptSet prompts = model.textEncoder().prompts(classes, start.tokens());
        MethodLoss.Losses losses = method.loss().prepare(model, prompts, handWritten);
        ClassDraw draw = new ClassDraw(prompts.size(), method.classesPerStep(), seed);
        return new Optimiser(method.rule(), sgd).run(new CosineSchedule(sgd.learningRate(), steps, warmUpSteps), start.values(),
                step -> {
                    Batch batch = batches.get();
                    return losses.of(batch, draw.next(batch.labels()));
                }, listener);
    }
}
