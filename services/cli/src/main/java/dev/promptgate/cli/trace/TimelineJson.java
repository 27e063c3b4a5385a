package dev.promptgate.cli.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A timeline as one JSON object. */
final class TimelineJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TimelineJson() {}

    static String of(Timeline timeline) {
        ObjectNode root = JSON.createObjectNode().put("image_id", timeline.id()).put("found", timeline.isFound())
                .put("complete", timeline.isComplete())
                .put("occurrences", timeline.occurrences()).put("state", timeline.state());
        ArrayNode events = root.putArray("events");
        for (TraceEvent event : timeline.events()) {
            ObjectNode node = events.addObject().put("time", event.time()).put("stage", event.stage().wireName())
                    .put("topic", event.topic()).put("partition", event.partition())
                    .put("offset", event.offset()).put("what", event.what());
            node.set("details", JSON.valueToTree(event.details()));
        }
        root.set("notes", JSON.valueToTree(timeline.notes()));
        return root.toString();
    }
}
