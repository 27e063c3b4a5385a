package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayDeque;
import java.util.Deque;

/** The newest entries of a list, up to a number. Not thread-safe. */
final class Newest {
    private final Deque<JsonNode> entries = new ArrayDeque<>();
    private final int most;

    Newest(int most) {
        this.most = most;
    }

    void add(JsonNode entry) {
        entries.addLast(entry);
        if (entries.size() > most) {
            entries.removeFirst();
        }
    }

    ArrayNode oldestFirst() {
        ArrayNode all = Json.array();
        entries.forEach(all::add);
        return all;
    }

    ArrayNode newestFirst() {
        ArrayNode all = Json.array();
        entries.descendingIterator().forEachRemaining(all::add);
        return all;
    }
}
