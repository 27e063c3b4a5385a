package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;

/** Accuracies of live prompt and candidates over time, and when another prompt went live. Not thread-safe. */
final class AccuracyHistory {
    private static final int MOST_POINTS = 500;
    private static final int MOST_EVENTS = 200;

    private final Deque<JsonNode> points = new ArrayDeque<>();
    private final Deque<JsonNode> events = new ArrayDeque<>();

    /** @return whether the report told something */
    boolean take(JsonNode report, long at) {
        String kind = report.path("kind").asText();
        boolean isPoint = (kind.equals("measurement") || kind.equals("verdict")) && report.path("live").isObject();
        if (isPoint) {
            add(points, MOST_POINTS, point(report, kind, at));
        }
        boolean isRollout = kind.equals("verdict") && report.path("rolled_out").asBoolean();
        boolean isEvent = isRollout || kind.equals("rollback") || kind.equals("repair");
        if (isEvent) {
            ObjectNode event = Json.object().put("at", at).put("kind", isRollout ? "rollout" : kind);
            event.set("from", Json.number(report, isRollout ? "live_version" : "from"));
            event.set("to", Json.number(report, isRollout ? "candidate_version" : "to"));
            add(events, MOST_EVENTS, event.put("reason", Json.text(report, "reason")));
        }
        return isPoint || isEvent;
    }

    private static ObjectNode point(JsonNode report, String kind, long at) {
        ObjectNode point = Json.object().put("at", at).put("kind", kind);
        point.set("live_version", Json.number(report, "live_version"));
        point.set("live", Json.accuracies(report.path("live")));
        boolean isVerdict = kind.equals("verdict");
        point.set("candidate_version", isVerdict ? Json.number(report, "candidate_version") : NullNode.instance);
        point.set("candidate", isVerdict ? Json.accuracies(report.path("candidate")) : NullNode.instance);
        point.set("zero_shot", Json.accuracies(report.path("zero_shot")));
        return point;
    }

    private static void add(Deque<JsonNode> to, int most, JsonNode node) {
        to.add(node);
        if (to.size() > most) {
            to.remove();
        }
    }

    JsonNode json() {
        ObjectNode section = Json.object();
        ArrayNode allPoints = section.putArray("points");
        points.forEach(allPoints::add);
        ArrayNode allEvents = section.putArray("events");
        events.forEach(allEvents::add);
        return section;
    }
}
