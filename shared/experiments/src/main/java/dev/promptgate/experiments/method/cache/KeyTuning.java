package dev.promptgate.experiments.method.cache;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.experiments.method.Epochs;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.method.cache.CacheModel.Residual;
import dev.promptgate.experiments.method.head.LabelledFeatures;
import dev.promptgate.experiments.method.head.ZeroShotLogits;
import dev.promptgate.learning.loss.Batch;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.training.CosineSchedule;
import java.util.List;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Tip-Adapter-F's fine-tuning of the keys (arXiv 2111.03930, section 3.2): cross-entropy of the shots' logits at the initial α and β, by
 * AdamW with a cosine schedule. The authors' code keeps the epoch that is best on test images; here it is the last one.
 *
 * @param text of the hand-written prompt, [classes][dim]
 */
record KeyTuning(TrainingSettings settings, ZeroShotLogits zeroShot, DMatrixRMaj text) {
    /** A copy of the cache with keys tuned to its samples, in batches that the task's seed orders. */
    CacheModel tuned(CacheModel start, List<Sample> samples, TrainingTask task, Consumer<StepReport> listener) {
        LabelledFeatures shots = start.shots();
        CacheModel cache = new CacheModel(new LabelledFeatures(shots.x().copy(), shots.labels(), shots.classes()));
        AdamW optimiser = new AdamW(cache.shots().x().data);
        Epochs batches = new Epochs(samples, settings.batch(), task.seed());
        CosineSchedule schedule = new CosineSchedule(settings.learningRate(), steps(samples.size()), 0);
        DMatrixRMaj gradient = new DMatrixRMaj(shots.size(), shots.x().numCols);
        for (int step = 0; step < schedule.steps(); step++) {
            Batch batch = batches.next();
            double loss = gradient(cache, LabelledFeatures.of(batch, shots.classes()), gradient);
            if (!Double.isFinite(loss)) {
                throw new NonFiniteLossException("The loss of the cache's keys is not finite [step: %d]".formatted(step));
            }
            optimiser.step(gradient.data, schedule.rate(step));
            listener.accept(new StepReport(loss, Double.NaN, Double.NaN, Branch.ERM));
        }
        return cache;
    }

    int steps(int samples) {
        return settings.epochs() * Epochs.batches(samples, settings.batch());
    }

    /** The mean cross-entropy of a batch; {@code byKeys} [shots][dim] takes its gradient. */
    double gradient(CacheModel cache, LabelledFeatures batch, DMatrixRMaj byKeys) {
        Residual at = Residual.INITIAL;
        DMatrixRMaj byAffinity = cache.affinities(batch.x(), at.beta());
        DMatrixRMaj logits = zeroShot.logits(batch.x(), text);
        CommonOps_DDRM.addEquals(logits, at.alpha(), cache.logits(byAffinity));
        double loss = batch.crossEntropy(logits);
        int[] values = cache.shots().labels();
        for (int i = 0; i < batch.size(); i++) {
            for (int n = 0; n < values.length; n++) {
                byAffinity.data[i * values.length + n] *= at.alpha() * at.beta() * logits.data[i * logits.numCols + values[n]];
            }
        }
        CommonOps_DDRM.multTransA(byAffinity, batch.x(), byKeys);
        return loss;
    }
}
