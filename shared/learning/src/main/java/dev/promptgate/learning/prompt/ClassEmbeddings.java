package dev.promptgate.learning.prompt;

import dev.promptgate.clip.PromptModel;
import java.util.List;

/**
 * The classifier that a prompt makes with a CLIP: the text feature of each of its classes. Whoever has the CLIP's image encoder answers
 * with softmax over logitScale · image · textᵀ (CLIP, arXiv 2103.00020, section 3.1.2), without its text tower.
 *
 * @param textFeatures [classes][dim], L2-normalised
 */
public record ClassEmbeddings(Source source, List<String> classes, float[][] textFeatures) {
    /**
     * What the embeddings were made from.
     *
     * @param version of the prompt, from 1
     * @param modelFingerprint {@code ClipModel.fingerprint()}
     * @param logitScale the model's, divided by the prompt's temperature
     */
    public record Source(String prompt, long version, String modelFingerprint, float logitScale) {}

    /** Those of a learned prompt; the same prompt gives the same bits on the same machine. Blocking: runs the text tower. */
    public static ClassEmbeddings of(Prompt prompt, PromptModel model) {
        List<String> classes = prompt.metadata().classes();
        float logitScale = prompt.metadata().calibration().logitScale(model.logitScale());
        return new ClassEmbeddings(new Source(prompt.metadata().prompt(), prompt.version(), model.fingerprint(), logitScale), classes,
                prompt.features(model.textEncoder(), classes));
    }

    public int dim() {
        return textFeatures[0].length;
    }
}
