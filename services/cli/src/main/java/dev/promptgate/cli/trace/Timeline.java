package dev.promptgate.cli.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
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
        return JSON.valueToTree(TraceEvent.details("image_id", id, "found", isFound(), "complete", isComplete, "occurrences", occurrences,
                "state", state, "events", events, "notes", notes)).toString();
    }
}
