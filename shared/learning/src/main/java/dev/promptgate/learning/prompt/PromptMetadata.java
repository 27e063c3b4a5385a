package dev.promptgate.learning.prompt;

import java.util.List;
import java.util.Map;

/**
 * What a prompt is and where it comes from.
 *
 * @param version counts up from 1; 0 is the hand-written prompt
 * @param parent the version it was learned from
 * @param modelFingerprint of the CLIP that it belongs to
 * @param createdAt epoch milliseconds
 * @param verdict the gate's figures, filled in at rollout; empty before
 */
public record PromptMetadata(String prompt, long version, long parent, String modelFingerprint, long createdAt, Origin origin,
        Map<String, String> verdict) {
    /**
     * What it was learned from, and how.
     *
     * @param classes those trained on
     * @param contextInit the hand-written words
     * @param training figures of the update: method, steps, final loss …; {@code classes_per_step} if its steps told apart a sample of the
     *     classes instead of all, by an approximate loss, {@code loss} if that is not cross-entropy, {@code knowledge_weight} if it has one
     * @param featureOffsets per partition of image-features, the next offset when the update started: the candidate's horizon
     * @param readyAt per class, when its last needed shot was produced, epoch milliseconds
     * @param descriptions of all classes that have one then, those not trained on included
     */
    public record Origin(List<String> classes, String contextInit, Map<String, String> training, Map<Integer, Long> featureOffsets,
            Map<String, Long> readyAt, Descriptions descriptions) {
        /** Where every class stands by its name. */
        public Origin(List<String> classes, String contextInit, Map<String, String> training, Map<Integer, Long> featureOffsets,
                Map<String, Long> readyAt) {
            this(classes, contextInit, training, featureOffsets, readyAt, Descriptions.NONE);
        }
    }

    public List<String> classes() {
        return origin.classes();
    }

    public String contextInit() {
        return origin.contextInit();
    }

    public Map<String, String> training() {
        return origin.training();
    }

    public Map<Integer, Long> featureOffsets() {
        return origin.featureOffsets();
    }

    public Map<String, Long> readyAt() {
        return origin.readyAt();
    }

    /** What the verdict says of its probabilities. */
    public PromptCalibration calibration() {
        return PromptCalibration.of(verdict);
    }

    public Descriptions descriptions() {
        return origin.descriptions();
    }

    public PromptMetadata withVerdict(Map<String, String> figures) {
        return new PromptMetadata(prompt, version, parent, modelFingerprint, createdAt, origin, figures);
    }
}
