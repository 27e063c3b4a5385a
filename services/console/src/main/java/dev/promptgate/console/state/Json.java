package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.ReportJson;

/** What records tell as JSON for the page, each piece bounded: no writer of reports may fill the page or the memory. */
final class Json {
    private static final int MAX_TEXT = 1000;

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static JsonNode number(long value) {
        return JsonNodeFactory.instance.numberNode(value);
    }

    /** On one line, at most 1000 characters. */
    static String text(String text) {
        return Quoted.of(text, MAX_TEXT);
    }

    /** The four accuracies, each a fraction or null; null as a whole if the prompt was not compared. */
    static JsonNode accuracies(ComparedPrompts comparison, Role role) {
        return comparison.accuracies(role).<JsonNode>map(ReportJson::tree).orElse(NullNode.instance);
    }
}
