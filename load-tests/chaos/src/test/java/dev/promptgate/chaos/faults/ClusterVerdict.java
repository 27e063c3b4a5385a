package dev.promptgate.chaos.faults;

import dev.promptgate.chaos.Ledger;
import dev.promptgate.chaos.Stream;
import dev.promptgate.history.HistoryCheck;
import dev.promptgate.history.HistoryCheck.Result;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.util.List;
import java.util.Map;

/** What the topics hold when all is over: the ledger, and what the history says of every promise. */
record ClusterVerdict(Ledger ledger, int acknowledged, int candidates, List<Long> rolledOut, List<Long> live, Result history) {
    /** @param acknowledged the images that the cluster acknowledged, by where they stand, with their ids */
    static ClusterVerdict of(Stream stream, Map<SourcePosition, String> acknowledged) {
        return new ClusterVerdict(Ledger.of(stream), acknowledged.size(), stream.candidates().size(),
                stream.verdicts().stream().filter(VerdictReport::isRolledOut).map(verdict -> verdict.ruling().candidateVersion()).toList(),
                stream.liveVersions(), HistoryCheck.of(stream.clients(), stream.topics()).withAcknowledged(acknowledged).run());
    }

    /** In one line, for a table. */
    @Override
    public String toString() {
        String kept = history.isClean() ? "all %d invariants of the history hold".formatted(history.invariants().size())
                : "broken: " + history.broken();
        return "%d images acknowledged; %d candidates; live versions %s; %s".formatted(acknowledged, candidates, live, kept);
    }
}
