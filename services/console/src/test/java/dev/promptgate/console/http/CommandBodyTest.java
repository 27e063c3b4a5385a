package dev.promptgate.console.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.service.api.ProblemException;
import dev.promptgate.testing.fuzz.DecoderFuzz;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandBodyTest {
    private static final String JSON = "application/json";

    @Test
    void aRollbackExpiresAndAPauseDoesNot() {
        GateCommand rollback = CommandBody.read("application/JSON; charset=utf-8",
                Buffer.buffer("{\"action\":\"rollback\",\"to\":2,\"reason\":\"why\"}"), 1000);
        assertEquals(List.of(OptionalLong.of(2), "why", "console", 31_000L),
                List.of(rollback.to(), rollback.reason(), rollback.by(), rollback.expiresAt()));
        assertEquals(0, CommandBody.read(JSON, Buffer.buffer("{\"action\":\"pause\"}"), 1000).expiresAt());
        assertEquals(OptionalLong.empty(), CommandBody.read(JSON, Buffer.buffer("{\"action\":\"rollback\",\"to\":null}"), 1000).to());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "null", "{}", "{\"action\":\"stop\"}", "{\"action\":[\"pause\"]}", "{\"action\":\"PAUSE\"}",
            "{\"action\":\"pause\",\"to\":1}", "{\"action\":\"rollback\",\"to\":-1}",
            "{\"action\":\"rollback\",\"to\":1.5}", "{\"action\":\"rollback\",\"to\":\"1\"}",
            "{\"action\":\"rollback\",\"to\":99999999999999999999}", "{\"action\":\"pause\",\"reason\":7}", "{\"action\":\"note\"}",
            "{\"action\":\"pause\",\"why\":\"x\"}", "{\"action\":\"pause\"} {}"})
    void whatIsNoCommandIsRefused(String body) {
        assertEquals(400, assertThrows(ProblemException.class, () -> CommandBody.read(JSON, Buffer.buffer(body), 0)).problem().status());
    }

    @Test
    void aLongReasonIsRefusedHereAndNotByTheGate() {
        assertEquals(400, assertThrows(ProblemException.class,
                () -> CommandBody.read(JSON, Buffer.buffer("{\"action\":\"pause\",\"reason\":\"%s\"}".formatted("x".repeat(1001))), 0))
                .problem().status());
    }

    @Test
    void anotherContentTypeIsRefused() {
        for (String type : new String[] {null, "text/plain", "application/x-www-form-urlencoded"}) {
            assertEquals(415, assertThrows(ProblemException.class, () -> CommandBody.read(type, Buffer.buffer("{\"action\":\"pause\"}"), 0))
                    .problem().status());
        }
    }

    /** Whatever is taken is a command that the gate can read. */
    @Test
    void damagedBodies() {
        DecoderFuzz.Outcome outcome = new DecoderFuzz("console command", ProblemException.class, input -> 256L * input.length + 262_144)
                .run(20_000,
                        List.of("{\"action\":\"rollback\",\"to\":2,\"reason\":\"why\"}".getBytes(StandardCharsets.UTF_8),
                                "{\"action\":\"pause\",\"reason\":\"sale\"}".getBytes(StandardCharsets.UTF_8)),
                        bytes -> GateCommand.decode(CommandBody.read(JSON, Buffer.buffer(bytes), 0).encode()));
        assertTrue(outcome.decoded() > 20 && outcome.refused() > 1_000, outcome.toString());
    }
}
