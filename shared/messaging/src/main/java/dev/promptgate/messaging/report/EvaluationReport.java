package dev.promptgate.messaging.report;

import dev.promptgate.messaging.record.WireName;
import java.util.Optional;

/**
 * A record of {@code evaluation-reports}: what happened at the gate of one prompt, with every figure behind it. {@link ReportCodec} writes
 * and reads it. Immutable, as are its parts. Fractions are NaN where they are unknown.
 */
public sealed interface EvaluationReport permits VerdictReport, RefusalReport, MeasurementReport, ReplacementReport, CommandReport {
    enum Kind implements WireName {
        VERDICT,
        /** A candidate could not be judged. */
        REFUSAL,
        /** The live prompt was measured. */
        MEASUREMENT,
        /** The live prompt was taken back. */
        ROLLBACK,
        /** The live prompt should go, but the gate is paused. */
        ALARM,
        /** An operator's command was carried out or refused. */
        COMMAND,
        /** What stood in prompt-rollouts was not what the gate had rolled out, and was put right. */
        REPAIR
    }

    /**
     * What every report begins with: whose it is, when it was written, epoch milliseconds, and what was live before; version 0 is the
     * hand-written prompt.
     */
    record Head(String prompt, long createdAt, long liveVersion) {}

    Kind kind();

    Head head();

    /** What holds after what is reported. */
    GateAfter after();

    /** In words, one line; empty for a measurement. */
    String reason();

    /** The accuracies of the prompts compared, where there was a comparison. */
    default Optional<ComparedPrompts> comparison() {
        return Optional.empty();
    }

    /** The operator's command that is answered, if it is one that brought this about. */
    default Optional<CommandReport.Answer> command() {
        return Optional.empty();
    }
}
