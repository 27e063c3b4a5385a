package dev.promptgate.evaluator.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.gate.GateSnapshot.Prequential;
import dev.promptgate.evaluator.gate.StateCodec.UnreadableStateException;
import dev.promptgate.evaluator.gate.TrackRecord.Waves;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.learning.watch.RegressionWatch;
import dev.promptgate.learning.watch.WatchSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateCodecTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static GateSnapshot state() {
        RegressionWatch watch = new RegressionWatch(new WatchSettings(0.01, 0.03, 0.99, 100));
        watch.add(true, false, true);
        return new GateSnapshot(new GateSnapshot.Identity("sha256:x", 7),
                new GateSnapshot.Progress(1234, 99, 5, 2, 4, 1200, 1_700_000_000_000L),
                new GateSnapshot.Rollouts(List.of(new PromptStack.LevelState(1, 1), new PromptStack.LevelState(3, 1)), 1_699_999_999_999L,
                        3),
                List.of(new Candidate.State(4, 1200, 2, 150, false)), new GateSnapshot.Brake(true, 1_700_000_001_000L),
                new PromptWatch.State(1100, 1150, false, watch.state()), new Prequential(20, 11, 10));
    }

    /** As an evaluator of an earlier build wrote it. */
    @Test
    void theLayoutIsOneFlatObjectInThisOrder() {
        assertEquals("""
                {"model":"sha256:x","report":7,"position":1234,"arrivals":99,"next_candidate":5,"next_command":2,"last_version":4,\
                "last_horizon":1200,"time":1700000000000,"live":[{"version":1,"best":1},{"version":3,"best":1}],\
                "live_since":1699999999999,"rollouts":3,\
                "unsettled":[{"offset":4,"horizon":1200,"tests":2,"next_look_at":150,"is_held":false}],\
                "is_paused":true,"cool_down_until":1700000001000,"watch":{"from":1100,"period_from":1150,"is_reported":false,\
                "statistics":{"period":1,"images":1,"seen":{"gained":0,"lost":1,"log_wealth":""", StateCodec.encode(state()).toString()
                .replaceAll("(log_wealth\":).*", "$1"));
    }

    @Test
    void aStateComesBackAsItWent() throws Exception {
        GateSnapshot state = state();
        JsonNode json = JSON.readTree(JSON.writeValueAsBytes(StateCodec.encode(state)));
        GateSnapshot back = StateCodec.decode(json);
        assertEquals(StateCodec.encode(state), StateCodec.encode(back));
        assertArrayEquals(state.watch().statistics().seen().logWealth(), back.watch().statistics().seen().logWealth());
        assertEquals(state.rollouts().live(), back.rollouts().live());
        assertEquals(state.unsettled(), back.unsettled());
        assertEquals(state.prequential(), back.prequential());
    }

    @Test
    void whatWasNeverRolledOutHasNoWatch() throws Exception {
        GateSnapshot state = GateSnapshot.initial("m");
        assertEquals(state, StateCodec.decode(JSON.readTree(JSON.writeValueAsBytes(StateCodec.encode(state)))));
    }

    @Test
    void aStateThatLacksAPartIsRefused() {
        for (String key : List.of("model", "live", "unsettled", "prequential")) {
            ObjectNode json = (ObjectNode) StateCodec.encode(state());
            json.remove(key);
            assertThrows(UnreadableStateException.class, () -> StateCodec.decode(json), key);
        }
        ObjectNode json = (ObjectNode) StateCodec.encode(state());
        ((ObjectNode) json.path("watch")).remove("statistics");
        assertThrows(UnreadableStateException.class, () -> StateCodec.decode(json));
    }

    @Test
    void wavesComeBackAsTheyWent() throws Exception {
        Waves waves = new Waves(Map.of("cat", new WaveAccuracies.History(1, 0.5, Double.NaN, 0.25, 0.125)), Map.of());
        assertEquals(waves, StateCodec.decodeWaves(JSON.readTree(JSON.writeValueAsBytes(StateCodec.encode(waves)))));
        assertThrows(UnreadableStateException.class,
                () -> StateCodec.decodeWaves(JSON.readTree("{\"live\":{\"cat\":[1]},\"zero_shot\":{}}")));
        assertThrows(UnreadableStateException.class, () -> StateCodec.decodeWaves(JSON.readTree("{\"live\":7}")));
    }
}
