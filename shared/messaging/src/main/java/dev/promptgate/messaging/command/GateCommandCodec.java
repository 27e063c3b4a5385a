package dev.promptgate.messaging.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.record.WireName;
import java.io.IOException;
import java.util.OptionalLong;

/** Commands as JSON. Decoding is strict and bounded: whatever the bytes, the outcome is a command or an {@link InvalidCommandException}. */
public final class GateCommandCodec {
    private static final int MAX_BYTES = 16 << 10;
    private static final int MAX_TEXT = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private GateCommandCodec() {}

    public static byte[] encode(GateCommand command) {
        ObjectNode node = JSON.createObjectNode().put("id", command.id()).put("command", command.action().wireName())
                .put("reason", command.reason()).put("by", command.by()).put("expires_at", command.expiresAt());
        command.to().ifPresent(version -> node.put("to", version));
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text is always JSON", e);
        }
    }

    /** @throws InvalidCommandException if the bytes are no command */
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
        GateCommand.Action action = action(node);
        return new GateCommand(text(node, "id", true), action, to(node, action), text(node, "reason", false), text(node, "by", false),
                expiry(node));
    }

    private static GateCommand.Action action(JsonNode node) throws InvalidCommandException {
        return WireName.parse(GateCommand.Action.class, node.path("command").asText())
                .orElseThrow(() -> new InvalidCommandException("its command is none of rollback, pause, resume"));
    }

    private static OptionalLong to(JsonNode node, GateCommand.Action action) throws InvalidCommandException {
        JsonNode to = node.path("to");
        if (to.isMissingNode() || to.isNull()) {
            return OptionalLong.empty();
        }
        if (!to.isIntegralNumber() || !to.canConvertToLong() || to.asLong() < 0 || action != GateCommand.Action.ROLLBACK) {
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
