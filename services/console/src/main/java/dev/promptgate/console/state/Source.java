package dev.promptgate.console.state;

import dev.promptgate.messaging.topic.TopicNames;

/** The topics that the page is made of. */
public enum Source {
    /** The config topic. */
    PROMPT_ROLLOUTS,
    /** What updates learned. */
    PROMPT_CANDIDATES,
    /** What the gate decided. */
    EVALUATION_REPORTS,
    /** What operators told the gate. */
    GATE_COMMANDS,
    /** What the encoder refused. */
    REJECTED_IMAGES;

    /** The topic's name. */
    public String topic(TopicNames names) {
        return switch (this) {
            case PROMPT_ROLLOUTS -> names.promptRollouts();
            case PROMPT_CANDIDATES -> names.promptCandidates();
            case EVALUATION_REPORTS -> names.evaluationReports();
            case GATE_COMMANDS -> names.gateCommands();
            case REJECTED_IMAGES -> names.rejectedImages();
        };
    }
}
