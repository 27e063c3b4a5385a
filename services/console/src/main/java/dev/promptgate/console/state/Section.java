package dev.promptgate.console.state;

import dev.promptgate.messaging.record.WireName;

/** The parts of the page, each sent when it changed. */
public enum Section implements WireName {
    /** Records and rates of every topic, lags of the services. */
    FLOW,
    /** Accuracies over time, rollouts and rollbacks. */
    ACCURACY,
    /** What is live, and whether the gate is open. */
    GATE,
    VERDICTS,
    /** The live prompt class by class, and what it takes for what. */
    CLASSES,
    LEARNING,
    REJECTIONS,
    /** Operators' commands and their answers. */
    COMMANDS,
    /** Labels that would be the same prompt, ids that came again with other bytes, labels that look wrong. */
    LABELS
}
