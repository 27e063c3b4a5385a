package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;

/** Accuracies of live prompt and candidates over time, when another prompt went live, and when a candidate failed. Not thread-safe. */
final class AccuracyHistory {
    private final Newest points = new Newest(500);
    private final Newest events = new Newest(200);

    /** @return whether the report told something */
    boolean take(EvaluationReport report, long at) {
        boolean isRollout = report instanceof VerdictReport verdict && verdict.isRolledOut();
        if (report instanceof VerdictReport verdict && isRollout) {
            events.add(event(report, "rollout", at, report.head().liveVersion(), verdict.ruling().candidateVersion()));
        } else if (report instanceof VerdictReport verdict && verdict.ruling().outcome() == Answer.FAIL) {
            events.add(event(report, "fail", at, report.head().liveVersion(), report.head().liveVersion())
                    .put("candidate", verdict.ruling().candidateVersion()));
        } else if (report instanceof ReplacementReport change && change.kind() != Kind.ALARM) {
            events.add(event(report, change.kind().wireName(), at, change.replacement().from(), change.replacement().to()));
            return true;
        }
        report.comparison().ifPresent(comparison -> points.add(point(report, comparison, at)));
        return isRollout || report.comparison().isPresent();
    }

    private static ObjectNode event(EvaluationReport report, String kind, long at, long from, long to) {
        return Json.object().put("at", at).put("kind", kind).put("from", from).put("to", to).put("reason", Json.text(report.reason()));
    }

    private static ObjectNode point(EvaluationReport report, ComparedPrompts comparison, long at) {
        ObjectNode point = Json.object().put("at", at).put("kind", report.kind().wireName()).put("live_version",
                report.head().liveVersion());
        point.set("live", Json.accuracies(comparison, Role.LIVE));
        point.set("candidate_version", report instanceof VerdictReport verdict ? point.numberNode(verdict.ruling().candidateVersion())
                : NullNode.instance);
        point.set("candidate", Json.accuracies(comparison, Role.CANDIDATE));
        point.set("zero_shot", Json.accuracies(comparison, Role.ZERO_SHOT));
        return point;
    }

    JsonNode json() {
        ObjectNode section = Json.object();
        section.set("points", points.oldestFirst());
        section.set("events", events.oldestFirst());
        return section;
    }
}
