package dev.promptgate.evaluator.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.gate.GateSnapshot.Prequential;
import dev.promptgate.evaluator.gate.TrackRecord.Waves;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.learning.watch.RegressionWatch;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The state as JSON within a report: one flat object. Decoding is strict: whatever the JSON, the outcome is a state or an
 * {@link UnreadableStateException}.
 */
public final class StateCodec {
    /** A report whose state cannot be read; the message is one line. */
    public static final class UnreadableStateException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableStateException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The keys of a snapshot that are no group's. */
    private record Parts(List<Candidate.State> unsettled, PromptWatch.State watch, Prequential prequential) {}

    /** A class's history as [wave, introduced, best, rolled out, current]; what is unknown is null. */
    private static final TypeReference<Map<String, Double[]>> HISTORIES = new TypeReference<>() {};
    private static final ObjectMapper JSON = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL).enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private StateCodec() {}

    public static JsonNode encode(GateSnapshot state) {
        ObjectNode node = JSON.createObjectNode();
        node.setAll(JSON.<ObjectNode>valueToTree(state.identity()));
        node.setAll(JSON.<ObjectNode>valueToTree(state.progress()));
        node.setAll(JSON.<ObjectNode>valueToTree(state.rollouts()));
        node.set("unsettled", JSON.valueToTree(state.unsettled()));
        node.setAll(JSON.<ObjectNode>valueToTree(state.brake()));
        node.setAll(JSON.<ObjectNode>valueToTree(new Parts(null, state.watch(), state.prequential())));
        return node;
    }

    public static GateSnapshot decode(JsonNode node) throws UnreadableStateException {
        try {
            Parts parts = read(node, Parts.class);
            GateSnapshot state = new GateSnapshot(read(node, GateSnapshot.Identity.class), read(node, GateSnapshot.Progress.class),
                    read(node, GateSnapshot.Rollouts.class), parts.unsettled(), read(node, GateSnapshot.Brake.class), parts.watch(),
                    parts.prequential());
            if (state.model() == null || state.prequential() == null || !isWhole(state.rollouts().live()) || !isWhole(state.unsettled())
                    || state.watch() != null && !isWhole(state.watch())) {
                throw new UnreadableStateException("the state lacks a part", null);
            }
            return state;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new UnreadableStateException(FirstLine.of(e), e);
        }
    }

    private static <T> T read(JsonNode node, Class<T> group) throws JsonProcessingException, UnreadableStateException {
        T read = JSON.treeToValue(node, group);
        if (read == null) {
            throw new UnreadableStateException("there is no state", null);
        }
        return read;
    }

    private static boolean isWhole(List<?> list) {
        return list != null && list.stream().allMatch(Objects::nonNull);
    }

    private static boolean isWhole(PromptWatch.State watch) {
        RegressionWatch.State statistics = watch.statistics();
        return statistics != null && statistics.seen() != null && statistics.unseen() != null;
    }

    public static JsonNode encode(Waves waves) {
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

    public static Waves decodeWaves(JsonNode node) throws UnreadableStateException {
        return new Waves(histories(node.path("live")), histories(node.path("zero_shot")));
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
