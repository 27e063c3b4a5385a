package dev.promptgate.experiments.method.ridge;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.head.KnownClasses;
import dev.promptgate.experiments.method.head.LabelledFeatures;
import dev.promptgate.experiments.method.head.LogitClassifier;
import dev.promptgate.experiments.method.head.Softmax;
import dev.promptgate.experiments.method.head.ZeroShotLogits;
import dev.promptgate.learning.step.StepReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * RAIL ("Advancing Cross-domain Discriminability in Continual Learning of Vision-Language Models", arXiv 2406.18868) in the dual: a ridge
 * regression adapter that goes on from an earlier one with the shots that are new, and then is what all shots at once would make it. It
 * answers for images that the hand-written prompt takes for one of its classes; for others the prompt answers alone. The primal form, whose
 * random layer is 15,000 wide, is not here: it keeps a matrix of that width squared, 900 MB as float32.
 */
public record Rail() implements FewShotLearner {
    /** The adapter's share of a fused prediction, as in the authors' configuration. */
    private static final double FUSION = 0.8;

    /** @param ids of the shots that it has learned */
    record Learned(KnownClasses known, KernelRidge ridge, Set<String> ids, ZeroShotLogits zeroShot) implements LogitClassifier {
        /** Probabilities of the prompt, mixed with the adapter's predictions where the prompt's answer is a known class. */
        @Override
        public DMatrixRMaj logits(DMatrixRMaj images, List<String> classes) {
            DMatrixRMaj fused = zeroShot.logits(images, zeroShot.text(classes));
            Softmax.rows(fused);
            int[] answers = LogitClassifier.best(fused);
            DMatrixRMaj adapted = known.among(classes, ridge.predict(images), 0);
            for (int i = 0; i < answers.length; i++) {
                if (known.names().contains(classes.get(answers[i]))) {
                    CommonOps_DDRM.scaleRow(1 - FUSION, fused, i);
                    for (int c = 0; c < classes.size(); c++) {
                        fused.add(i, c, FUSION * adapted.unsafe_get(i, c));
                    }
                }
            }
            return fused;
        }

        /** The images and the dual; to learn on, the factor as well, which the images give anew. */
        @Override
        public long bytes() {
            return (long) Float.BYTES * ridge.images().size() * (ridge.images().x().numCols + known.size());
        }
    }

    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        Optional<Learned> earlier = from.filter(Learned.class::isInstance).map(Learned.class::cast);
        List<String> names = new ArrayList<>(earlier.map(learned -> learned.known().names()).orElse(List.of()));
        task.classes().stream().filter(name -> !names.contains(name)).forEach(names::add);
        Set<String> ids = new HashSet<>(earlier.map(Learned::ids).orElse(Set.of()));
        List<Sample> fresh = task.samples().stream().filter(sample -> ids.add(sample.id()))
                .map(sample -> new Sample(sample.id(), names.indexOf(task.classes().get(sample.classIndex())), sample.views())).toList();
        KernelRidge start = earlier.map(Learned::ridge).orElse(KernelRidge.empty(task.model().featureDim()));
        KernelRidge ridge = fresh.isEmpty() ? start : start.extended(LabelledFeatures.ofViews(fresh, names.size()));
        return new Learned(new KnownClasses(names), ridge, ids, ZeroShotLogits.of(task));
    }
}
