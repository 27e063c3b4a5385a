package dev.promptgate.messaging.topic;

/** The topics, under a common prefix, e.g. {@code staging.}; empty for none. */
public record TopicNames(String prefix) {
    /** Labelled image files, from producers to the encoder. */
    public String labelledImages() {
        return prefix + "labelled-images";
    }

    /** Image features, from the encoder to learner and evaluator. */
    public String imageFeatures() {
        return prefix + "image-features";
    }

    /** Prompt candidates, from the learner to the evaluator. */
    public String promptCandidates() {
        return prefix + "prompt-candidates";
    }

    /** The config topic: live prompts, from the evaluator to classifiers. */
    public String promptRollouts() {
        return prefix + "prompt-rollouts";
    }

    /** The text features of the live prompt's classes, from the evaluator to consumers that have an image encoder alone. */
    public String classEmbeddings() {
        return prefix + "class-embeddings";
    }

    /** The figures behind every verdict. */
    public String evaluationReports() {
        return prefix + "evaluation-reports";
    }

    /** Records that could not be used, as they came. */
    public String rejectedImages() {
        return prefix + "rejected-images";
    }

    /** What operators tell the gate: roll back, pause, resume. */
    public String gateCommands() {
        return prefix + "gate-commands";
    }

    /** Which annotation of Label Studio gave which image its label. */
    public String labelStudioAnnotations() {
        return prefix + "label-studio-annotations";
    }

    /** How often classifiers in shadow mode found that a candidate disagrees with the live prompt. */
    public String shadowReports() {
        return prefix + "shadow-reports";
    }
}
