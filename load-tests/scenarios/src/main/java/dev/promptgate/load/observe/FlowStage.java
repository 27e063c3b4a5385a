package dev.promptgate.load.observe;

import dev.promptgate.messaging.record.WireName;
import java.util.Locale;

/** The parts of the way from a due image to a live prompt that are timed. Times are when a reader of committed records sees a record. */
public enum FlowStage implements WireName {
    PUSH("image due → acknowledged by the broker"),
    /** Due until its feature is readable. */
    FEATURE("image due → feature readable"),
    /** Due until its rejection is readable. */
    REJECTION("unusable record due → rejection readable"),
    /** From the feature to the learner's memory. */
    MEMORY("training feature readable → taken into the learner's memory (counted once a second: up to 1 s too much)"),
    /** From the feature to the first candidate made with knowledge of it. */
    LEARNED("training feature readable → first candidate that knows it"),
    /** From a class's last needed shot to its first candidate. */
    CLASS_CANDIDATE("class's last needed shot due → first candidate that contains it"),
    /** From a candidate to its first verdict. */
    VERDICT("candidate readable → first verdict on it"),
    /** From the verdict that passed to the rollout. */
    ROLLOUT("passing verdict readable → rollout readable"),
    /** From a class's last needed shot to the prompt that is live. */
    CLASS_ROLLOUT("class's last needed shot due → rollout that contains it");

    private final String meaning;

    FlowStage(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }

    /** With underscores, as keys of JSON are. */
    @Override
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
