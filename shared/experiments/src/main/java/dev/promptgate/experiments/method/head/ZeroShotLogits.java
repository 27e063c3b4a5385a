package dev.promptgate.experiments.method.head;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** The logits of the hand-written prompt, s · x · tᵀ with the exponentiated logit scale s (arXiv 2103.00020). */
public record ZeroShotLogits(TextEncoder encoder, Context handWritten, float scale) {
    public static ZeroShotLogits of(TrainingTask task) {
        TextEncoder encoder = task.model().textEncoder();
        return new ZeroShotLogits(encoder, encoder.contextFrom(task.contextInit()), task.model().logitScale());
    }

    /** The text features [classes][dim], L2-normalised. */
    public DMatrixRMaj text(List<String> classes) {
        return LabelledFeatures.matrix(encoder.features(handWritten, encoder.prompts(classes, handWritten.tokens())));
    }

    /** [images][classes] of images [images][dim] and text features [classes][dim]. */
    public DMatrixRMaj logits(DMatrixRMaj images, DMatrixRMaj text) {
        DMatrixRMaj logits = CommonOps_DDRM.multTransB(images, text, null);
        CommonOps_DDRM.scale(scale, logits);
        return logits;
    }
}
