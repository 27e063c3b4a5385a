package dev.promptgate.evaluator.history;

import dev.promptgate.evaluator.gate.GateSnapshot;
import dev.promptgate.evaluator.gate.StateCodec;
import dev.promptgate.evaluator.gate.StateCodec.UnreadableStateException;
import dev.promptgate.evaluator.gate.TrackRecord.Waves;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCalibration;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the reports of earlier runs tell: the last state, the last table of waves, which versions were ever live and which candidates were
 * refused. Not thread-safe.
 */
public final class ReportHistory {
    private static final Logger LOG = LoggerFactory.getLogger(ReportHistory.class);

    private final PromptKey key;
    private final Map<Long, PromptCalibration> everLive = new HashMap<>();
    private final Set<Long> refused = new HashSet<>();
    private Optional<GateSnapshot> state = Optional.empty();
    private Waves waves = Waves.NONE;

    public ReportHistory(PromptKey key) {
        this.key = key;
    }

    public void take(ConsumerRecord<byte[], byte[]> record) {
        if (!key.isOf(record) || record.value() == null) {
            return;
        }
        try {
            EvaluationReport report = ReportCodec.decode(record.value());
            if (report.after().state().isMissingNode()) {
                return; // not one of ours
            }
            state = Optional.of(StateCodec.decode(report.after().state()));
            if (!report.after().waves().isMissingNode()) {
                waves = StateCodec.decodeWaves(report.after().waves());
            }
            if (report instanceof VerdictReport verdict && verdict.isRolledOut()) {
                everLive.put(verdict.ruling().candidateVersion(), calibration(verdict));
            } else if (report instanceof RefusalReport refusal) {
                refused.add(refusal.refused().candidateOffset());
            }
        } catch (InvalidReportException | UnreadableStateException e) {
            LOG.warn("A report cannot be read and is passed over; what it decided may be decided again [offset: {}, cause: {}]",
                    record.offset(), e.getMessage());
        }
    }

    /** The last state; with another model it starts afresh, but for what was read and counted. */
    public GateSnapshot state(String model) {
        GateSnapshot last = state.orElseGet(() -> GateSnapshot.initial(model));
        if (last.model().equals(model)) {
            return last;
        }
        LOG.warn("The model has changed; the gate starts from the hand-written prompt [before: {}, now: {}]", last.model(), model);
        waves = Waves.NONE;
        return last.forModel(model);
    }

    public boolean isEmpty() {
        return state.isEmpty();
    }

    public Waves waves() {
        return waves;
    }

    public boolean wasLive(long version) {
        return everLive.containsKey(version);
    }

    /** A candidate that was live, with what its rollout said of its probabilities; the rest of that verdict stands in the report. */
    public Prompt asRolledOut(Prompt candidate) {
        Map<String, String> verdict = new TreeMap<>();
        everLive.getOrDefault(candidate.version(), PromptCalibration.NONE).putInto(verdict);
        return new Prompt(candidate.context(), candidate.metadata().withVerdict(verdict));
    }

    private static PromptCalibration calibration(VerdictReport verdict) {
        return verdict.comparison().flatMap(comparison -> comparison.calibration(Role.CANDIDATE)).map(found -> new PromptCalibration(
                found.temperature(), found.selective().threshold(), found.selective().targetError())).orElse(PromptCalibration.NONE);
    }

    /** Whether the refusal of the candidate at an offset was reported: behind one that is still to be judged it is read again. */
    public boolean wasRefused(long offset) {
        return refused.contains(offset);
    }
}
