package dev.promptgate.learning.prompt;

import java.util.List;
import java.util.Map;

/**
 * Where a prompt comes from.
 *
 * @param version counts up from 1; 0 is the hand-written prompt
 * @param parent the version it was learned from
 * @param modelFingerprint of the CLIP that it belongs to
 * @param classes the classes trained on
 * @param contextInit the hand-written words
 * @param createdAt epoch milliseconds
 * @param training figures of the update: method, steps, final loss …
 * @param featureOffsets per partition of image-features, the next offset when the update started: the candidate's horizon
 * @param readyAt per class, when its last needed shot was produced, epoch milliseconds
 * @param verdict the gate's figures, filled in at rollout; empty before
 */
public record PromptMetadata(String prompt, long version, long parent, String modelFingerprint, List<String> classes, String contextInit,
        long createdAt, Map<String, String> training, Map<Integer, Long> featureOffsets, Map<String, Long> readyAt,
        Map<String, String> verdict) {
    /** The same with the verdict's figures. */
    public PromptMetadata withVerdict(Map<String, String> figures) {
        return new PromptMetadata(prompt, version, parent, modelFingerprint, classes, contextInit, createdAt, training, featureOffsets,
                readyAt, figures);
    }
}
