package dev.promptgate.evaluator.gatekeeper;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.learning.watch.RegressionWatch;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The state as JSON within a report. Decoding is strict: whatever the JSON, the outcome is a state or an {@link UnreadableStateException}.
 */
public final class StateCodec {
    /** A report whose state cannot be read; the message is one line. */
    static final class UnreadableStateException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableStateException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A class's history as [wave, introduced, best, rolled out, current]; what is unknown is null. */
    private static final TypeReference<Map<String, Double[]>> HISTORIES = new TypeReference<>() {};
    private static final ObjectMapper JSON = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL).enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private StateCodec() {}

    static JsonNode encode(GateState state) {
        return JSON.valueToTree(state);
    }

    static GateState decode(JsonNode node) throws UnreadableStateException {
        try {
            GateState state = JSON.treeToValue(node, GateState.class);
            if (state == null || state.model() == null || state.prequential() == null || !isWhole(state.live())
                    || !isWhole(state.unsettled())
                    || state.watch() != null && !isWhole(state.watch())) {
                throw new UnreadableStateException("the state lacks a part", null);
            }
            return state;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new UnreadableStateException(String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
    }

    private static boolean isWhole(List<?> list) {
        return list != null && list.stream().allMatch(Objects::nonNull);
    }

    private static boolean isWhole(LiveWatch.State watch) {
        RegressionWatch.State statistics = watch.statistics();
        return statistics != null && statistics.seen() != null && statistics.unseen() != null;
    }

    static JsonNode encode(GateState.Waves waves) {
        ObjectNode node = JSON.createObjectNode();
        node.set("live", histories(waves.live()));
        node.set("zero_shot", histories(waves.handWritten()));
        return node;
    }

    private static JsonNode histories(Map<String, WaveAccuracies.History> histories) {
        Map<String, Double[]> rows = new TreeMap<>();
        histories.forEach(
                (name, h) -> rows.put(name, new Double[] {(double) h.wave(), h.introduced(), known(h.best()), h.rolledOut(), h.current()}));
        return JSON.valueToTree(rows);
    }

    private static Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }

    static GateState.Waves decodeWaves(JsonNode node) throws UnreadableStateException {
        return new GateState.Waves(histories(node.path("live")), histories(node.path("zero_shot")));
    }

    private static Map<String, WaveAccuracies.History> histories(JsonNode node) throws UnreadableStateException {
        try {
            Map<String, WaveAccuracies.History> histories = new TreeMap<>();
            for (Map.Entry<String, Double[]> row : JSON.convertValue(node, HISTORIES).entrySet()) {
                Double[] r = row.getValue();
                histories.put(row.getKey(),
                        new WaveAccuracies.History(r[0].intValue(), r[1], r[2] == null ? Double.NaN : r[2], r[3], r[4]));
            }
            return histories;
        } catch (IllegalArgumentException | NullPointerException | IndexOutOfBoundsException e) {
            throw new UnreadableStateException("the table of waves is damaged", e);
        }
    }
}
