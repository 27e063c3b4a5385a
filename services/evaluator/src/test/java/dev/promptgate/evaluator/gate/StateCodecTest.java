package dev.promptgate.evaluator.gatekeeper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.gatekeeper.StateCodec.UnreadableStateException;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.learning.watch.RegressionWatch;
import dev.promptgate.learning.watch.WatchSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateCodecTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static GateState state() {
        RegressionWatch watch = new RegressionWatch(new WatchSettings(0.01, 0.03, 0.99, 100));
        watch.add(true, false, true);
        return new GateState("sha256:x", 7, 1234, 99, 5, 2, 4, 1200, 1_700_000_000_000L,
                List.of(new LivePrompts.LevelState(1, 1), new LivePrompts.LevelState(3, 1)), 1_699_999_999_999L, 3,
                List.of(new Candidate.State(4, 1200, 2, 150, false)), true, 1_700_000_001_000L,
                new LiveWatch.State(1100, 1150, false, watch.state()),
                new Prequential.State(20, 11, 10));
    }

    @Test
    void aStateComesBackAsItWent() throws Exception {
        GateState state = state();
        JsonNode json = JSON.readTree(JSON.writeValueAsBytes(StateCodec.encode(state)));
        GateState back = StateCodec.decode(json);
        assertEquals(StateCodec.encode(state), StateCodec.encode(back));
        assertArrayEquals(state.watch().statistics().seen().logWealth(), back.watch().statistics().seen().logWealth());
        assertEquals(state.live(), back.live());
        assertEquals(state.unsettled(), back.unsettled());
        assertEquals(state.prequential(), back.prequential());
    }

    @Test
    void whatWasNeverRolledOutHasNoWatch() throws Exception {
        GateState state = GateState.initial("m");
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
        GateState.Waves waves = new GateState.Waves(Map.of("cat", new WaveAccuracies.History(1, 0.5, Double.NaN, 0.25, 0.125)), Map.of());
        assertEquals(waves, StateCodec.decodeWaves(JSON.readTree(JSON.writeValueAsBytes(StateCodec.encode(waves)))));
        assertThrows(UnreadableStateException.class,
                () -> StateCodec.decodeWaves(JSON.readTree("{\"live\":{\"cat\":[1]},\"zero_shot\":{}}")));
        assertThrows(UnreadableStateException.class, () -> StateCodec.decodeWaves(JSON.readTree("{\"live\":7}")));
    }
}
