package dev.promptgate.cli.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What is known of an image.
 *
 * @param occurrences records of labelled-images that have the id
 * @param events in the order of time; empty if there is no trace of it
 * @param state what became of it, or, where there is no trace, why most likely; one line
 * @param notes what one should know besides, a line each
 * @param isComplete false if time ran out before every topic was read
 */
record Timeline(String id, int occurrences, List<TraceEvent> events, String state, List<String> notes, boolean isComplete) {
    private static final ObjectMapper JSON = new ObjectMapper();

    boolean isFound() {
        return !events.isEmpty();
    }

    String json() {
        ObjectNode root = JSON.createObjectNode().put("image_id", id).put("found", isFound()).put("complete", isComplete)
                .put("occurrences", occurrences).put("state", state);
        ArrayNode rows = root.putArray("events");
        for (TraceEvent event : events) {
            ObjectNode row = rows.addObject().put("time", event.time()).put("stage", event.stage().wireName()).put("topic", event.topic())
                    .put("partition", event.partition()).put("offset", event.offset()).put("what", event.what());
            row.set("details", JSON.valueToTree(event.details()));
        }
        root.set("notes", JSON.valueToTree(notes));
        return root.toString();
    }
}
