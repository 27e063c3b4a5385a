package dev.promptgate.load.observe;

import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.load.observe.Flow.Point;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** From training features to candidates, verdicts and rollouts. Thread-safe. */
public final class PromptTrail {
    /** A training feature that no candidate knows yet. */
    private record Feature(long offset, double readableAt) {}

    private final String prompt;
    private final StageLatencies latencies;
    private final Flow flow;
    private final Queue<Feature> unlearned = new ArrayDeque<>();
    private final Queue<Double> untaken = new ArrayDeque<>();
    private final Map<Long, Double> candidates = new HashMap<>();
    private final Map<Long, Double> passed = new HashMap<>();
    private final Set<Long> judged = new HashSet<>();
    private final Set<String> candidateClasses = new HashSet<>();
    private final Set<String> liveClasses = new HashSet<>();
    private final Map<String, Long> outcomes = new LinkedHashMap<>();
    private long taken;
    private long lastVersion;

    PromptTrail(String prompt, StageLatencies latencies, Flow flow) {
        this.prompt = prompt;
        this.latencies = latencies;
        this.flow = flow;
    }

    synchronized void trainingFeature(long offset, double now) {
        unlearned.add(new Feature(offset, now));
        untaken.add(now);
    }

    /** So many training features are taken in since the run began, as a meter said; how many readable ones are not. */
    public synchronized int taken(long features, double now) {
        for (; taken < features && !untaken.isEmpty(); taken++) {
            double readableAt = untaken.remove();
            latencies.record(FlowStage.MEMORY, readableAt, now - readableAt);
        }
        return untaken.size();
    }

    synchronized void candidate(PromptMetadata metadata, RunClock clock, double now) {
        if (!metadata.prompt().equals(prompt)) {
            return;
        }
        flow.count(Point.CANDIDATES, now);
        candidates.put(metadata.version(), now);
        lastVersion = metadata.version();
        long horizon = metadata.featureOffsets().getOrDefault(0, 0L);
        while (!unlearned.isEmpty() && unlearned.peek().offset() < horizon) {
            double readableAt = unlearned.remove().readableAt();
            latencies.record(FlowStage.LEARNED, readableAt, now - readableAt);
        }
        classes(metadata, candidateClasses, FlowStage.CLASS_CANDIDATE, clock, now);
    }

    synchronized void rollout(PromptMetadata metadata, RunClock clock, double now) {
        if (!metadata.prompt().equals(prompt)) {
            return;
        }
        flow.count(Point.ROLLOUTS, now);
        // Verdict and rollout are written in one transaction: either may be read first.
        latencies.record(FlowStage.ROLLOUT, now, now - passed.getOrDefault(metadata.version(), now));
        classes(metadata, liveClasses, FlowStage.CLASS_ROLLOUT, clock, now);
    }

    /** Each class the first time that it is among a prompt's; not those that were complete before the run. */
    private void classes(PromptMetadata metadata, Set<String> known, FlowStage stage, RunClock clock, double now) {
        metadata.readyAt().forEach((name, readyAt) -> {
            double ready = clock.seconds(readyAt);
            if (known.add(name) && ready >= 0) {
                latencies.record(stage, ready, now - ready);
            }
        });
    }

    synchronized void verdict(VerdictReport report, double now) {
        if (!report.head().prompt().equals(prompt)) {
            return;
        }
        long version = report.ruling().candidateVersion();
        flow.count(Point.VERDICTS, now);
        outcomes.merge(report.ruling().outcome().wireName(), 1L, Long::sum);
        if (judged.add(version) && candidates.containsKey(version)) {
            latencies.record(FlowStage.VERDICT, now, now - candidates.get(version));
        }
        if (report.isRolledOut()) {
            passed.put(version, now);
        }
    }

    /** Whether the newest candidate has a verdict, or there is none. */
    public synchronized boolean isJudged() {
        return lastVersion == 0 || judged.contains(lastVersion);
    }

    /** Verdicts by outcome; a candidate that is judged again counts again. */
    public synchronized Map<String, Long> outcomes() {
        return Map.copyOf(outcomes);
    }

    /** Training features that the learner has not taken in, as far as its meter was read. */
    public synchronized int notTaken() {
        return untaken.size();
    }

    /** Training features that no candidate knows. */
    public synchronized int notLearned() {
        return unlearned.size();
    }

    /** Classes that a candidate of the run contains. */
    public synchronized int classesLearned() {
        return candidateClasses.size();
    }

    /** Classes that a rollout of the run contains. */
    public synchronized int classesLive() {
        return liveClasses.size();
    }
}
