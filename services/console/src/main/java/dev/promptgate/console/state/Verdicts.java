package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.TreeMap;

/** The newest verdicts and the images that changed their answer. Not thread-safe. */
final class Verdicts {
    private static final int MOST = 100;
    private static final int MOST_IMAGES = 50;
    private static final String[] TAKEN_OVER = {"lost_total", "won_total"};

    /** One verdict: its row, and its images as the evaluator wrote them. */
    private record Entry(ObjectNode row, JsonNode changed) {}

    private final TreeMap<Long, Entry> newest = new TreeMap<>();

    /** @return whether the report is a verdict */
    boolean take(JsonNode report, long offset, long at) {
        if (!report.path("kind").asText().equals("verdict")) {
            return false;
        }
        ObjectNode row = Json.object().put("id", offset).put("at", at);
        row.set("candidate_version", Json.number(report, "candidate_version"));
        row.put("outcome", Json.text(report, "outcome")).put("final", report.path("final").asBoolean()).put("rolled_out",
                report.path("rolled_out").asBoolean());
        row.set("held_by", report.path("held_by").isTextual() ? row.textNode(Json.text(report, "held_by")) : NullNode.instance);
        row.set("look", Json.number(report, "look"));
        row.put("reason", Json.text(report, "reason"));
        for (String role : new String[] {"candidate", "live", "zero_shot"}) {
            row.set(role, Json.accuracies(report.path(role)));
        }
        JsonNode changed = report.path("changed");
        row.set("lost", Json.number(changed, "lost_total"));
        row.set("won", Json.number(changed, "won_total"));
        newest.put(offset, new Entry(row, changed));
        if (newest.size() > MOST) {
            newest.pollFirstEntry();
        }
        return true;
    }

    JsonNode json() {
        ArrayNode section = Json.array();
        newest.descendingMap().values().forEach(entry -> section.add(entry.row()));
        return section;
    }

    /**
     * The images that a verdict's candidate answers otherwise than the live prompt; none for a verdict that tells of none.
     *
     * @param id the report's offset; empty if it is not among the newest verdicts
     */
    Optional<JsonNode> changed(long id) {
        return Optional.ofNullable(newest.get(id)).map(entry -> {
            ObjectNode answer = Json.object();
            for (String side : new String[] {"lost", "won"}) {
                ArrayNode images = answer.putArray(side);
                for (JsonNode image : entry.changed().path(side)) {
                    if (images.size() < MOST_IMAGES) {
                        images.add(image(image));
                    }
                }
            }
            for (String total : TAKEN_OVER) {
                answer.put(total, entry.changed().path(total).asLong(0));
            }
            return answer;
        });
    }

    private static ObjectNode image(JsonNode image) {
        ObjectNode shown = Json.object();
        for (String key : new String[] {"id", "label", "live_answer", "candidate_answer"}) {
            shown.put(key, Json.text(image, key));
        }
        return shown.put("image", "/api/images/%d/%d".formatted(image.path("partition").asInt(), image.path("offset").asLong()));
    }
}
