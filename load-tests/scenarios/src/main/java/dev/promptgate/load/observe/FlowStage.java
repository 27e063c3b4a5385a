package dev.promptgate.load.observe;

import dev.promptgate.messaging.record.WireName;
import java.util.Locale;

/** The parts of the way from a due image to a live prompt that are timed. Times are when a reader of committed records sees a record. */
public enum FlowStage implements WireName {
    PUSH("image due → acknowledged by the broker"),
    FEATURE("image due → feature readable"),
    REJECTION(
            "unusable record due → rejection readable"),
    MEMORY(
            "training feature readable → taken into the learner's memory (counted once a second: up to 1 s too much)"),
    LEARNED(
            "training feature readable → first candidate that knows it"),
    CLASS_CANDIDATE(
            "class's last needed shot due → first candidate that contains it"),
    VERDICT(
            "candidate readable → first verdict on it"),
    ROLLOUT(
            "passing verdict readable → rollout readable"),
    CLASS_ROLLOUT(
            "class's last needed shot due → rollout that contains it");

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
