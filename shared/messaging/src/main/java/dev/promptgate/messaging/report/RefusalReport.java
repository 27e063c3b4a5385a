package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A candidate could not be judged. */
public record RefusalReport(Head head, Refused refused, GateAfter after) implements EvaluationReport {
    /**
     * Which, by its offset in prompt-candidates, and why; {@code code} is e.g. {@code repeated-version}, and a newer evaluator may write
     * others.
     */
    public record Refused(@JsonProperty(required = true) long candidateOffset, @JsonProperty("refusal") String code, String reason) {}

    @Override
    public Kind kind() {
        return Kind.REFUSAL;
    }

    @Override
    public String reason() {
        return refused.reason();
    }
}
