package dev.promptgate.evaluator.gatekeeper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.evaluator.gatekeeper.StateCodec.UnreadableStateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the reports of earlier runs tell: the last state, the last table of waves, and which versions were ever live. Not thread-safe. */
final class ReportHistory {
    private static final Logger LOG = LoggerFactory.getLogger(ReportHistory.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String prompt;
    private final Set<Long> everLive = new HashSet<>();
    private Optional<GateState> state = Optional.empty();
    private GateState.Waves waves = GateState.Waves.NONE;

    ReportHistory(String prompt) {
        this.prompt = prompt;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        if (!isFor(prompt, record) || record.value() == null) {
            return;
        }
        try {
            JsonNode report = JSON.readTree(record.value());
            if (report == null || report.path(Journal.STATE).isMissingNode()) {
                return; // not one of ours
            }
            state = Optional.of(StateCodec.decode(report.path(Journal.STATE)));
            if (report.has(Journal.WAVES)) {
                waves = StateCodec.decodeWaves(report.path(Journal.WAVES));
            }
            if (report.path("rolled_out").asBoolean()) {
                everLive.add(report.path("candidate_version").asLong());
            }
        } catch (IOException | UnreadableStateException e) {
            LOG.warn("A report cannot be read and is passed over; what it decided may be decided again [offset: {}, cause: {}]",
                    record.offset(), e.getMessage());
        }
    }

    static boolean isFor(String prompt, ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && new String(record.key(), StandardCharsets.UTF_8).equals(prompt);
    }

    /** The last state; with another model it starts afresh, but for what was read and counted. */
    GateState state(String model) {
        GateState last = state.orElseGet(() -> GateState.initial(model));
        if (last.model().equals(model)) {
            return last;
        }
        LOG.warn("The model has changed; the gate starts from the hand-written prompt [before: {}, now: {}]", last.model(), model);
        waves = GateState.Waves.NONE;
        return new GateState(model, last.report(), 0, 0, last.nextCandidate(), last.nextCommand(), last.lastVersion(), 0, 0, List.of(), 0,
                last.rollouts(), List.of(),
                last.isPaused(), 0, null, Prequential.State.NONE);
    }

    boolean isEmpty() {
        return state.isEmpty();
    }

    GateState.Waves waves() {
        return waves;
    }

    boolean wasLive(long version) {
        return everLive.contains(version);
    }
}
