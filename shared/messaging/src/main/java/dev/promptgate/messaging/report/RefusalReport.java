package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A candidate could not be judged. */
public record RefusalReport(Head head, Refused refused, GateAfter after) implements EvaluationReport {
    /**
     * Which, and why.
     *
     * @param candidateOffset in prompt-candidates
     * @param code e.g. {@code repeated-version}; a newer evaluator may write others
     * @param reason one line
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
