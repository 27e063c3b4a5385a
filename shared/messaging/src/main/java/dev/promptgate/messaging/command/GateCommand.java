package dev.promptgate.messaging.command;

import dev.promptgate.messaging.record.WireName;
import java.util.OptionalLong;

/**
 * What an operator tells the gate of one prompt; a record of {@code gate-commands}.
 *
 * @param id by which the report about it can be found
 * @param to the version to roll back to; empty takes the last good one. Only with {@link Action#ROLLBACK}
 * @param reason the operator's words, for the history
 * @param by who sent it
 * @param expiresAt epoch milliseconds after which it is not carried out any more; 0 for never
 */
public record GateCommand(String id, Action action, OptionalLong to, String reason, String by, long expiresAt) {
    public enum Action implements WireName {
        /** Make an earlier prompt live again. */
        ROLLBACK,
        /** Judge and report, but roll out nothing. */
        PAUSE, RESUME
    }
}
