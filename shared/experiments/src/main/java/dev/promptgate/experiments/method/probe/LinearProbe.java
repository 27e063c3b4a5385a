package dev.promptgate.experiments.method.probe;

import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.head.Folds;
import dev.promptgate.experiments.method.head.KnownClasses;
import dev.promptgate.experiments.method.head.LabelledFeatures;
import dev.promptgate.experiments.method.head.LogitClassifier;
import dev.promptgate.learning.step.StepReport;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;

/**
 * Logistic regression on the image features of the shots (arXiv 2103.00020, section 3 and appendix A.3), C searched as CoOp's few-shot
 * protocol does, but on held-out shots. The features are those that prompts are compared with, where CLIP's paper takes those before the
 * projection. It cannot name a class without shots.
 */
public record LinearProbe() implements FewShotLearner {
    /** Of CLIP's example (openai/CLIP, README.md), for a single shot a class, where nothing can be held out. */
    private static final double DEFAULT_C = 0.316;

    record Learned(KnownClasses known, SoftmaxRegression regression) implements LogitClassifier {
        @Override
        public DMatrixRMaj logits(DMatrixRMaj images, List<String> classes) {
            return known.among(classes, regression.logits(images), Double.NEGATIVE_INFINITY);
        }

        @Override
        public long bytes() {
            return (long) Float.BYTES * known.size() * (regression.weights().numCols + 1);
        }
    }

    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        int classes = task.classes().size();
        record Trial(LabelledFeatures training, LabelledFeatures held) {}
        List<Trial> trials = Folds.of(task.samples()).stream().map(fold -> new Trial(LabelledFeatures.ofViews(fold.training(), classes),
                LabelledFeatures.ofImages(fold.held(), classes))).toList();
        double c = trials.isEmpty() ? DEFAULT_C : InverseStrengthSearch.best(tried -> trials.stream()
                .mapToInt(trial -> trial.held().correct(SoftmaxRegression.fit(trial.training(), tried).logits(trial.held().x()))).sum());
        return new Learned(new KnownClasses(task.classes()),
                SoftmaxRegression.fit(LabelledFeatures.ofViews(task.samples(), classes), c));
    }
}
