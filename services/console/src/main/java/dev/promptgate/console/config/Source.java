package dev.promptgate.console.config;

import dev.promptgate.messaging.topic.TopicNames;

/** The topics that the page is made of. */
public enum Source {
    PROMPT_ROLLOUTS,
    PROMPT_CANDIDATES,
    EVALUATION_REPORTS,
    /** What operators told the gate. */
    GATE_COMMANDS,
    REJECTED_IMAGES,
    /** For what was erased, and the labels of the newest. */
    IMAGE_FEATURES;

    public String topic(TopicNames names) {
        return switch (this) {
            case PROMPT_ROLLOUTS -> names.promptRollouts();
            case PROMPT_CANDIDATES -> names.promptCandidates();
            case EVALUATION_REPORTS -> names.evaluationReports();
            case GATE_COMMANDS -> names.gateCommands();
            case REJECTED_IMAGES -> names.rejectedImages();
            case IMAGE_FEATURES -> names.imageFeatures();
        };
    }
}
