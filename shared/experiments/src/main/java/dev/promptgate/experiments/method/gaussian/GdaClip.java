package dev.promptgate.experiments.method.gaussian;

import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.head.Folds;
import dev.promptgate.experiments.method.head.KnownClasses;
import dev.promptgate.experiments.method.head.LabelledFeatures;
import dev.promptgate.experiments.method.head.LogitClassifier;
import dev.promptgate.experiments.method.head.ZeroShotLogits;
import dev.promptgate.learning.step.StepReport;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * "A Hard-to-Beat Baseline for Training-free CLIP-based Adaptation" (arXiv 2402.04087): the hand-written prompt's logits plus α times those
 * of Gaussian discriminant analysis, in closed form. New classes get Gaussians from the shots of others that are near their text. The paper
 * tells base and new classes apart among themselves; among both, as here in the joint label space, the two kinds of logits stand side by
 * side. α, which it searches on validation images, is searched on held-out shots.
 */
public record GdaClip() implements FewShotLearner {
    private static final double[] ALPHAS = {0.0001, 0.001, 0.01, 0.1, 1, 10, 100};
    /** Where the authors' search starts; for a single shot a class, where nothing can be held out. */
    private static final double DEFAULT_ALPHA = 0.1;

    record Learned(KnownClasses known, ClassGaussians gaussians, GaussianDiscriminant discriminant, double alpha,
            ZeroShotLogits zeroShot) implements LogitClassifier {
        @Override
        public DMatrixRMaj logits(DMatrixRMaj images, List<String> classes) {
            DMatrixRMaj logits = zeroShot.logits(images, zeroShot.text(classes));
            CommonOps_DDRM.addEquals(logits, alpha, known.among(classes, discriminant.logits(images), 0));
            List<String> fresh = classes.stream().filter(name -> !known.names().contains(name)).toList();
            if (!fresh.isEmpty()) {
                DMatrixRMaj synthesised = gaussians.synthesised(zeroShot.text(fresh)).logits(images);
                CommonOps_DDRM.addEquals(logits, alpha, new KnownClasses(fresh).among(classes, synthesised, 0));
            }
            return logits;
        }

        /** Weights and biases of the known classes and α, and the shots, from which new classes come. */
        @Override
        public long bytes() {
            int dim = discriminant.weights().numCols;
            return Float.BYTES * ((long) known.size() * (dim + 1) + 1 + (long) gaussians.shots().size() * dim);
        }
    }

    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        int classes = task.classes().size();
        ZeroShotLogits zeroShot = ZeroShotLogits.of(task);
        DMatrixRMaj text = zeroShot.text(task.classes());
        int[] correct = new int[ALPHAS.length];
        for (Folds.Fold fold : Folds.of(task.samples())) {
            LabelledFeatures held = LabelledFeatures.ofImages(fold.held(), classes);
            DMatrixRMaj gaussian = new ClassGaussians(LabelledFeatures.ofViews(fold.training(), classes)).known().logits(held.x());
            for (int a = 0; a < ALPHAS.length; a++) {
                DMatrixRMaj logits = zeroShot.logits(held.x(), text);
                CommonOps_DDRM.addEquals(logits, ALPHAS[a], gaussian);
                correct[a] += held.correct(logits);
            }
        }
        ClassGaussians gaussians = new ClassGaussians(LabelledFeatures.ofViews(task.samples(), classes));
        return new Learned(new KnownClasses(task.classes()), gaussians, gaussians.known(), best(correct), zeroShot);
    }

    /** The first of equally good ones. */
    private static double best(int[] correct) {
        double best = DEFAULT_ALPHA;
        int most = 0;
        for (int a = 0; a < correct.length; a++) {
            if (correct[a] > most) {
                most = correct[a];
                best = ALPHAS[a];
            }
        }
        return best;
    }
}
