package dev.promptgate.messaging.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.WireName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What an operator tells the gate of one prompt; a record of {@code gate-commands}, as JSON.
 *
 * @param id by which the report about it can be found
 * @param to the version to roll back to; empty takes the last good one. Only with {@link Action#ROLLBACK}
 * @param reason the operator's words, for the history
 * @param by who sent it
 * @param expiresAt epoch milliseconds; if Kafka writes it down later, by the time of its record, it is not carried out; 0 for never
 */
public record GateCommand(String id, Action action, OptionalLong to, String reason, String by, long expiresAt) {
    private static final int MAX_BYTES = 16 << 10;
    private static final int MAX_TEXT = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    public enum Action implements WireName {
        /** Make an earlier prompt live again. */
        ROLLBACK,
        /** Judge and report, but roll out nothing. */
        PAUSE,
        RESUME,
        /** Nothing: what was done elsewhere, to the labels for instance, shall stand in the history. */
        NOTE
    }

    /** A record of gate-commands that cannot be carried out; the message is one line. */
    public static final class InvalidCommandException extends Exception {
        private static final long serialVersionUID = 1L;

        /** @param why completes "The command cannot be carried out: …" */
        public InvalidCommandException(String why) {
            super("The command cannot be carried out: " + why);
        }
    }

    /** One that tells what was done, for the history; cut to what surely fits, since a character may take two of Java's. */
    public static GateCommand note(String what, String by) {
        return new GateCommand(UUID.randomUUID().toString(), Action.NOTE, OptionalLong.empty(), Quoted.of(what, MAX_TEXT / 2 - 1), by, 0);
    }

    public byte[] encode() {
        ObjectNode node = JSON.createObjectNode().put("id", id).put("command", action.wireName()).put("reason", reason).put("by", by)
                .put("expires_at", expiresAt);
        to.ifPresent(version -> node.put("to", version));
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws InvalidCommandException if the bytes, whatever they are, are no command */
    public static GateCommand decode(byte[] bytes) throws InvalidCommandException {
        if (bytes == null || bytes.length > MAX_BYTES) {
            throw new InvalidCommandException("it has no value, or one over %d bytes".formatted(MAX_BYTES));
        }
        JsonNode node;
        try {
            node = JSON.readTree(bytes);
        } catch (IOException e) {
            throw new InvalidCommandException("it is no JSON");
        }
        if (node == null || !node.isObject()) {
            throw new InvalidCommandException("it is no JSON object");
        }
        Action action = action(node);
        return new GateCommand(text(node, "id", true), action, to(node, action), text(node, "reason", false), text(node, "by", false),
                expiry(node));
    }

    private static Action action(JsonNode node) throws InvalidCommandException {
        return WireName.parse(Action.class, node.path("command").asText())
                .orElseThrow(() -> new InvalidCommandException("its command is none of rollback, pause, resume, note"));
    }

    private static OptionalLong to(JsonNode node, Action action) throws InvalidCommandException {
        JsonNode to = node.path("to");
        if (to.isMissingNode() || to.isNull()) {
            return OptionalLong.empty();
        }
        if (!to.isIntegralNumber() || !to.canConvertToLong() || to.asLong() < 0 || action != Action.ROLLBACK) {
            throw new InvalidCommandException("'to' is a version from 0 on, and goes with rollback alone");
        }
        return OptionalLong.of(to.asLong());
    }

    private static long expiry(JsonNode node) throws InvalidCommandException {
        JsonNode expiry = node.path("expires_at");
        if (!expiry.isMissingNode() && !(expiry.isIntegralNumber() && expiry.canConvertToLong() && expiry.asLong() >= 0)) {
            throw new InvalidCommandException("'expires_at' is epoch milliseconds");
        }
        return expiry.asLong(0);
    }

    private static String text(JsonNode node, String key, boolean needed) throws InvalidCommandException {
        JsonNode text = node.path(key);
        if (text.isMissingNode() && !needed) {
            return "";
        }
        if (!text.isTextual() || text.asText().length() > MAX_TEXT || needed && text.asText().isBlank()) {
            throw new InvalidCommandException("'%s' is a text of at most %d characters".formatted(key, MAX_TEXT));
        }
        return text.asText();
    }
}
