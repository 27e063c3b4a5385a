package dev.promptgate.history.replay;

import dev.promptgate.evaluator.GateReplay;
import dev.promptgate.evaluator.input.InputOrder.Input;
import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Ruling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Each verdict is what the evaluator's own gate comes to once more, from the records of its topics: the same candidate, the same images,
 * the same counts, figures and consequence. Calibrations, which are floating-point sums over logits, and reasons are not compared. Verdicts
 * that an evaluator has still to come to are no violation.
 */
public final class VerdictsRecompute implements Invariant {
    private record Recorded(Place place, Map<String, Object> figures) {}

    private final GateReplay replay;
    private final List<Recorded> recorded = new ArrayList<>();
    private final Violations violations = new Violations("verdicts-recompute");
    private long lastTime;

    public VerdictsRecompute(GateReplay replay) {
        this.replay = replay;
    }

    @Override
    public void report(Place place, EvaluationReport report) {
        lastTime = Math.max(lastTime, report.head().createdAt());
        if (report instanceof VerdictReport verdict) {
            recorded.add(new Recorded(place, figures(verdict)));
        }
    }

    @Override
    public void again(Input input, ConsumerRecord<byte[], byte[]> record) {
        switch (input) {
            case COMMANDS -> replay.command(record);
            case CANDIDATES -> replay.candidate(record);
            case FEATURES -> replay.feature(record);
        }
    }

    private static Map<String, Object> figures(VerdictReport report) {
        Ruling ruling = report.ruling();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("candidate_version", ruling.candidateVersion());
        figures.put("candidate_offset", ruling.candidateOffset());
        figures.put("settings", report.demands());
        figures.put("live_version", report.head().liveVersion());
        figures.put("images", report.comparison().map(ComparedPrompts::space));
        figures.put("tests", ruling.tests());
        figures.put("joint_paired", report.comparison().flatMap(ComparedPrompts::jointPaired));
        figures.put("accuracies", report.comparison().map(ComparedPrompts::accuracies));
        figures.put("look", ruling.look());
        figures.put("outcome", ruling.outcome());
        figures.put("final", ruling.isFinal());
        figures.put("rollout", report.rollout());
        return figures;
    }

    @Override
    public Finding finish() {
        if (lastTime > 0) {
            replay.idle(lastTime);
        }
        List<VerdictReport> recomputed = replay.verdicts();
        for (int i = 0; i < recorded.size(); i++) {
            violations.checked();
            Recorded found = recorded.get(i);
            Optional<String> difference = i < recomputed.size() ? Differences.first(found.figures(), figures(recomputed.get(i)))
                    : Optional.of("it does not come to this verdict at all");
            if (difference.isPresent()) {
                violations.add("%s (version %s): %s", found.place(), found.figures().get("candidate_version"), difference.get());
                break; // those behind it rest on it
            }
        }
        return violations.finding();
    }
}
