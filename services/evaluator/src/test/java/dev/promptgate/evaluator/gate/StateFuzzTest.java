package dev.promptgate.evaluator.gate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.evaluator.gate.StateCodec.UnreadableStateException;
import dev.promptgate.evaluator.history.ReportHistory;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.testing.fuzz.DecoderFuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** 100,000 damaged states and reports. */
class StateFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int INPUTS = 100_000;

    @Test
    void states() throws Exception {
        DecoderFuzz.Outcome outcome = new DecoderFuzz("gate state", UnreadableStateException.class, input -> 256L * input.length + 262_144)
                .run(INPUTS, List.of(JSON.writeValueAsBytes(StateCodec.encode(StateCodecTest.state())),
                        JSON.writeValueAsBytes(StateCodec.encode(GateSnapshot.initial("m")))), bytes -> {
                            try {
                                StateCodec.decode(JSON.readTree(bytes));
                            } catch (IOException e) {
                                throw new UnreadableStateException("no JSON", e);
                            }
                        });
        assertTrue(outcome.decoded() > 100 && outcome.refused() > 1_000, outcome.toString());
    }

    /** A report that cannot be read is passed over with a word in the log; the history goes on. */
    @Test
    void reports() throws Exception {
        byte[] report = JSON.writeValueAsBytes(JSON.createObjectNode().put("kind", "verdict").put("rolled_out", true)
                .put("candidate_version", 4).put("outcome", "pass")
                .<ObjectNode>set("state", StateCodec.encode(StateCodecTest.state()))
                .set("waves", StateCodec.encode(
                        new TrackRecord.Waves(Map.of("cat", new WaveAccuracies.History(1, 0.5, Double.NaN, 0.25, 0.125)), Map.of()))));
        ch.qos.logback.classic.Logger log = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(ReportHistory.class);
        log.setLevel(ch.qos.logback.classic.Level.OFF);
        new DecoderFuzz("report", IllegalStateException.class, input -> 256L * input.length + 262_144).run(INPUTS, List.of(report),
                bytes -> new ReportHistory(new PromptKey("default"))
                        .take(new ConsumerRecord<>("t", 0, 0, "default".getBytes(StandardCharsets.UTF_8), bytes)));
    }
}
