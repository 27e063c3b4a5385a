package dev.promptgate.evaluator.history;

import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.evaluator.gate.GateSnapshot;
import dev.promptgate.evaluator.gate.GateState.Prompts;
import dev.promptgate.evaluator.gate.PromptStack;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.PromptKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes from prompt-candidates what a state needs, and what was not taken in yet. Not thread-safe. */
public final class CandidateHistory {
    private static final Logger LOG = LoggerFactory.getLogger(CandidateHistory.class);

    private final PromptKey key;
    private final CandidateCheck check;
    private final GateSnapshot state;
    private final ReportHistory reports;
    private final Set<Long> neededVersions = new HashSet<>();
    private final Map<Long, Candidate.State> unsettledByOffset = new HashMap<>();
    private final Map<Long, Prompt> byVersion = new HashMap<>();
    private final List<Candidate> unsettled = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> pending = new ArrayList<>();
    private Optional<Candidate> held = Optional.empty();

    /** @param reports tell which candidates were refused, and what a rollout said of its prompt */
    public CandidateHistory(PromptKey key, CandidateCheck check, GateSnapshot state, ReportHistory reports) {
        this.key = key;
        this.check = check;
        this.state = state;
        this.reports = reports;
        state.rollouts().live().forEach(level -> neededVersions.addAll(List.of(level.version(), level.best())));
        state.unsettled().forEach(candidate -> unsettledByOffset.put(candidate.offset(), candidate));
    }

    public void take(ConsumerRecord<byte[], byte[]> record) {
        if (!key.isOf(record)) {
            return;
        }
        Candidate.State earlier = unsettledByOffset.get(record.offset());
        if (earlier == null && record.offset() >= state.progress().nextCandidate()) {
            pending.add(record);
            return;
        }
        if (reports.wasRefused(record.offset())) {
            return; // a later one may have its version by right
        }
        read(check, record).ifPresent(prompt -> {
            if (neededVersions.contains(prompt.version())) {
                byVersion.putIfAbsent(prompt.version(), reports.asRolledOut(prompt));
            }
            if (earlier != null) {
                Candidate candidate = Candidate.resumed(prompt, earlier,
                        Math.min(record.timestamp(), state.progress().time())); // the clock may have been set back since
                if (earlier.isHeld()) {
                    held = Optional.of(candidate);
                } else {
                    unsettled.add(candidate);
                }
            }
        });
    }

    public static Optional<Prompt> read(CandidateCheck check, ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(check.check(record));
        } catch (RefusedPromptException e) {
            LOG.debug("A candidate cannot be used [offset: {}, cause: {}]", record.offset(), e.getMessage());
            return Optional.empty();
        }
    }

    /** A level whose candidate is gone cannot be gone back to. */
    public Prompts prompts(Prompt handWritten) {
        PromptStack prompts = new PromptStack(handWritten);
        byVersion.put(0L, handWritten);
        for (PromptStack.LevelState level : state.rollouts().live()) {
            Prompt atLevel = byVersion.get(level.version());
            if (atLevel == null) {
                LOG.warn("A prompt that was live is gone from prompt-candidates, or cannot be used any more [version: {}]",
                        level.version());
            } else {
                prompts.push(atLevel, byVersion.getOrDefault(level.best(), atLevel));
            }
        }
        return new Prompts(prompts, unsettled, held);
    }

    public List<ConsumerRecord<byte[], byte[]>> pending() {
        return pending;
    }
}
