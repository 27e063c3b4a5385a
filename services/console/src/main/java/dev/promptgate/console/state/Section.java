package dev.promptgate.console.state;

import java.util.Locale;

/** The parts of the page, each sent when it changed. */
public enum Section {
    /** Records and rates of every topic, lags of the services. */
    FLOW,
    /** Accuracies over time, rollouts and rollbacks. */
    ACCURACY,
    /** What is live, and whether the gate is open. */
    GATE, VERDICTS,
    /** The live prompt class by class, and what it takes for what. */
    CLASSES, LEARNING, REJECTIONS,
    /** Operators' commands and their answers. */
    COMMANDS;

    /** The name in JSON and in events. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
