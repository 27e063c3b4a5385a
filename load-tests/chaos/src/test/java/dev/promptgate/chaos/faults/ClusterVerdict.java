package dev.promptgate.chaos.faults;

import dev.promptgate.chaos.Ledger;
import dev.promptgate.chaos.Stream;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the topics hold when all is over: every acknowledged image is there and has led to one outcome, versions grow, and nothing is live
 * that was not judged and rolled out.
 *
 * @param broken what does not hold, each a sentence; empty if all does
 */
record ClusterVerdict(Ledger ledger, int acknowledged, List<Long> versions, List<Long> live, List<String> broken) {
    static ClusterVerdict of(Stream stream, Set<SourcePosition> acknowledged) {
        List<String> broken = new ArrayList<>();
        Ledger ledger = Ledger.of(stream);
        if (!ledger.isBalanced()) {
            broken.add(ledger.toString());
        }
        Set<SourcePosition> lost = new HashSet<>(acknowledged);
        stream.read(stream.topics().labelledImages())
                .forEach(record -> lost.remove(new SourcePosition(record.partition(), record.offset())));
        if (!lost.isEmpty()) {
            broken.add("the cluster has lost %d images that it had acknowledged: %s".formatted(lost.size(), lost));
        }
        List<Long> versions = stream.candidates().stream().map(candidate -> candidate.metadata().version()).toList();
        for (int i = 1; i < versions.size(); i++) {
            if (versions.get(i) <= versions.get(i - 1)) {
                broken.add("versions do not grow: " + versions);
            }
        }
        Set<Long> rolledOut = stream.verdicts().stream().filter(VerdictReport::isRolledOut)
                .map(verdict -> verdict.ruling().candidateVersion()).collect(Collectors.toSet());
        List<Long> live = stream.liveVersions();
        live.stream().filter(version -> version > 0 && !(versions.contains(version) && rolledOut.contains(version)))
                .forEach(version -> broken.add("version %d was live, and no report tells that it was rolled out".formatted(version)));
        if (!new HashSet<>(live).containsAll(rolledOut)) {
            broken.add("rolled out by the reports: %s, live: %s".formatted(rolledOut, live));
        }
        return new ClusterVerdict(ledger, acknowledged.size(), versions, live, broken);
    }

    @Override
    public String toString() {
        return "%d images acknowledged, all there; %d candidates, versions growing; live versions %s, each judged before"
                .formatted(acknowledged, versions.size(), live);
    }
}
