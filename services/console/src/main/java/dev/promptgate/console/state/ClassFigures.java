package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.record.Quoted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The live prompt class by class in the joint label space, by the last report that tells. Not thread-safe. */
final class ClassFigures {
    private static final int MOST_CELLS = 5000;
    private static final int MOST_CLASSES = 5000;
    private static final int MAX_NAME = 256;

    /** A class's images and how many the live prompt got right. */
    private record OfClass(String name, boolean seen, long right, long total) {
        double accuracy() {
            return total == 0 ? 1 : (double) right / total;
        }
    }

    private JsonNode section = empty();

    private static ObjectNode empty() {
        ObjectNode none = Json.object();
        none.set("version", NullNode.instance);
        none.set("at", NullNode.instance);
        none.put("images", 0).putArray("per_class");
        none.putArray("confusion");
        return none.put("complete", true);
    }

    /** @return whether the report told something */
    boolean take(JsonNode report, long at) {
        if (!report.path("per_class").isArray()) {
            return false;
        }
        List<OfClass> classes = new ArrayList<>();
        for (JsonNode row : report.path("per_class")) {
            if (classes.size() < MOST_CLASSES) {
                classes.add(new OfClass(name(row.path(0)), row.path(1).asBoolean(), row.path(2).asLong(), row.path(3).asLong()));
            }
        }
        classes.sort(Comparator.comparingDouble(OfClass::accuracy).thenComparing(Comparator.comparingLong(OfClass::total).reversed())
                .thenComparing(OfClass::name));
        ObjectNode told = Json.object();
        told.set("version", Json.number(report, "live_version"));
        told.put("at", at).put("images", report.path("images").path("seen").asLong() + report.path("images").path("unseen").asLong());
        ArrayNode perClass = told.putArray("per_class");
        classes.forEach(
                c -> perClass.addObject().put("name", c.name()).put("seen", c.seen()).put("right", c.right()).put("total", c.total()));
        ArrayNode confusion = told.putArray("confusion");
        for (JsonNode cell : report.path("confusion")) {
            if (confusion.size() < MOST_CELLS) {
                confusion.addArray().add(name(cell.path(0))).add(name(cell.path(1))).add(cell.path(2).asLong());
            }
        }
        section = told.put("complete", isWhole(report.path("cut")));
        return true;
    }

    private static boolean isWhole(JsonNode cut) {
        for (JsonNode part : cut) {
            if (part.asText().equals("per_class") || part.asText().equals("confusion")) {
                return false;
            }
        }
        return true;
    }

    private static String name(JsonNode node) {
        return Quoted.of(node.asText(), MAX_NAME);
    }

    JsonNode json() {
        return section;
    }
}
