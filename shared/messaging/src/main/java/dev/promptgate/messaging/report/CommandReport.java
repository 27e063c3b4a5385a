package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.promptgate.messaging.command.GateCommand;
import java.util.Optional;

/** An operator's command was carried out, a rollback excepted, which is reported as one; or it was refused. */
public record CommandReport(Head head, Answer answer, GateAfter after) implements EvaluationReport {
    /** An operator's command, e.g. {@code rollback}, and what became of it; the id is empty for a command that could not be read. */
    @JsonPropertyOrder({"command_id", "command", "by", "operator_reason", "accepted", "reason"})
    public record Answer(@JsonProperty(required = true) String commandId, String command, String by, String operatorReason,
            @JsonProperty(required = true) boolean accepted, String reason) {

        public static Answer to(GateCommand command, boolean accepted, String reason) {
            return new Answer(command.id(), command.action().wireName(), command.by(), command.reason(), accepted, reason);
        }
    }

    @Override
    public Kind kind() {
        return Kind.COMMAND;
    }

    @Override
    public String reason() {
        return answer.reason();
    }

    @Override
    public Optional<Answer> command() {
        return Optional.of(answer);
    }
}
