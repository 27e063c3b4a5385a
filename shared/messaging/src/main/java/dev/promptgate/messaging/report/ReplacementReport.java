package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.promptgate.messaging.record.WireName;
import java.util.Optional;

/**
 * The live prompt was taken back ({@code ROLLBACK}), maybe by a command, or should be ({@code ALARM}), or was written again ({@code
 * REPAIR}).
 */
public record ReplacementReport(Kind kind, Head head, Optional<CommandReport.Answer> command, Replacement replacement, GateAfter after)
        implements
            EvaluationReport {
    public enum Cause implements WireName {
        WATCH, OPERATOR, REPAIR
    }

    /** From which version to which, and why, in one line. */
    public record Replacement(Cause cause, @JsonProperty(required = true) long from, @JsonProperty(required = true) long to,
            String reason) {}

    @Override
    public String reason() {
        return replacement.reason();
    }
}
