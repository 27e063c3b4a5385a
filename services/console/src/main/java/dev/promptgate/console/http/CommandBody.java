package dev.promptgate.console.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.command.GateCommand.Action;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** The body of a command. Reading is strict: whatever the bytes, the outcome is a command or a {@link ProblemException}. */
final class CommandBody {
    private static final ObjectMapper STRICT = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Set<String> KEYS = Set.of("action", "to", "reason");
    private static final int MAX_REASON = 1000;
    /** A rollback that comes to Kafka hours later does harm; a pause does not. */
    private static final Duration ROLLBACK_EXPIRES = Duration.ofSeconds(30);

    private CommandBody() {}

    /** @param now epoch milliseconds */
    static GateCommand read(String contentType, Buffer body, long now) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw Problem.of(415, "Send the command as application/json").exception();
        }
        JsonNode node = object(body);
        for (Iterator<String> keys = node.fieldNames(); keys.hasNext();) {
            if (!KEYS.contains(keys.next())) {
                throw invalid("A command has the keys action, to and reason, and no others");
            }
        }
        Action action = WireName.parse(Action.class, node.path("action").asText()).filter(known -> known != Action.NOTE)
                .orElseThrow(() -> invalid("'action' must be pause, resume or rollback"));
        JsonNode reason = node.path("reason");
        if (!reason.isMissingNode() && !reason.isTextual() || reason.asText("").length() > MAX_REASON) {
            throw invalid("'reason' must be a text of at most %d characters".formatted(MAX_REASON));
        }
        long expiresAt = action == Action.ROLLBACK ? now + ROLLBACK_EXPIRES.toMillis() : 0;
        return new GateCommand(UUID.randomUUID().toString(), action, to(node.path("to"), action), reason.asText(""), "console", expiresAt);
    }

    private static JsonNode object(Buffer body) {
        try {
            JsonNode node = STRICT.readTree(body == null ? new byte[0] : body.getBytes());
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            // said below: what the parser says quotes the body
        }
        throw invalid("The body must be a JSON object such as {\"action\":\"pause\",\"reason\":\"why\"}");
    }

    private static OptionalLong to(JsonNode to, Action action) {
        if (to.isMissingNode() || to.isNull()) {
            return OptionalLong.empty();
        }
        if (!to.isIntegralNumber() || !to.canConvertToLong() || to.asLong() < 0 || action != Action.ROLLBACK) {
            throw invalid("'to' must be a version from 0 on, and goes with rollback alone");
        }
        return OptionalLong.of(to.asLong());
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(400, detail).exception();
    }
}
