package dev.promptgate.learning.accuracy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Figures in JSON, which has no NaN: null stands for what is not known, and for what is not finite. */
public final class JsonFigures {
    private JsonFigures() {}

    public static void put(ObjectNode node, String key, double value) {
        node.set(key, node(value));
    }

    public static JsonNode node(double value) {
        return Double.isFinite(value) ? JsonNodeFactory.instance.numberNode(value) : JsonNodeFactory.instance.nullNode();
    }

    /** What {@link #node} made: NaN for null. */
    public static double value(JsonNode node) {
        return node.isNull() ? Double.NaN : node.asDouble();
    }
}
