package dev.promptgate.experiments.method.cache;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.method.cache.CacheModel.Residual;
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
 * Tip-Adapter (arXiv 2111.03930): the hand-written prompt's logits plus α times those of a cache of the shots, and Tip-Adapter-F, whose
 * keys are fine-tuned. A key is the normalised mean of a shot's views. α and β, which the paper searches on validation images, are searched
 * on held-out shots; a class without shots has the hand-written prompt's logit alone.
 *
 * @param tuning of the keys; empty: they stay as they are
 */
public record TipAdapter(Optional<TrainingSettings> tuning) implements FewShotLearner {
    /** Of Tip-Adapter-F, as in the authors' configuration; the momentum is AdamW's own. */
    public static final TrainingSettings SCHEDULE = new TrainingSettings(20, 256, 1e-3, 0, 0, 0.01);

    record Learned(KnownClasses known, CacheModel cache, Residual residual, ZeroShotLogits zeroShot) implements LogitClassifier {
        @Override
        public DMatrixRMaj logits(DMatrixRMaj images, List<String> classes) {
            DMatrixRMaj logits = zeroShot.logits(images, zeroShot.text(classes));
            DMatrixRMaj cached = cache.logits(cache.affinities(images, residual.beta()));
            CommonOps_DDRM.addEquals(logits, residual.alpha(), known.among(classes, cached, 0));
            return logits;
        }

        /** A key and the index of its class for each shot, α and β. */
        @Override
        public long bytes() {
            return (long) cache.shots().size() * (Float.BYTES * cache.shots().x().numCols + Integer.BYTES) + 2 * Float.BYTES;
        }
    }

    @Override
    public int steps(TrainingTask task) {
        return tuning.map(settings -> new KeyTuning(settings, null, null).steps(task.samples().size())).orElse(0);
    }

    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        ZeroShotLogits zeroShot = ZeroShotLogits.of(task);
        DMatrixRMaj text = zeroShot.text(task.classes());
        Optional<KeyTuning> keys = tuning.map(settings -> new KeyTuning(settings, zeroShot, text));
        CacheModel cache = cache(task, task.samples(), keys, listener);
        Residual residual = ResidualSearch.best(Folds.of(task.samples()).stream().map(fold -> {
            LabelledFeatures held = LabelledFeatures.ofImages(fold.held(), task.classes().size());
            return new ResidualSearch.Trial(cache(task, fold.training(), keys, step -> {}), held, zeroShot.logits(held.x(), text));
        }).toList());
        return new Learned(new KnownClasses(task.classes()), cache, residual, zeroShot);
    }

    private static CacheModel cache(TrainingTask task, List<Sample> samples, Optional<KeyTuning> keys, Consumer<StepReport> listener) {
        CacheModel cache = new CacheModel(LabelledFeatures.ofMeans(samples, task.classes().size()));
        return keys.map(tuning -> tuning.tuned(cache, samples, task, listener)).orElse(cache);
    }
}
