package dev.promptgate.console.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.accuracy.JsonFigures;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.Quoted;
import java.util.Map;

/** The last update by the metadata of its candidate. Not thread-safe. */
final class LearningSummary {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_POINTS = 200;
    private static final String[] SERIES = {"step", "loss", "perturbed_loss", "cosine"};
    private static final String BRANCH = "steps_";

    private JsonNode section = NullNode.instance;

    void take(PromptMetadata about, long at) {
        Map<String, String> training = about.training();
        ObjectNode told = Json.object().put("version", about.version()).put("at", at).put("method",
                Quoted.of(training.getOrDefault("method", "")));
        put(told, "rho", training.get("rho"));
        put(told, "learning_rate", training.get("learning_rate"));
        put(told, "steps", training.get("steps"));
        put(told, "shots", training.get("shots"));
        told.put("classes", about.classes().size());
        put(told, "loss", training.get("final_loss"));
        put(told, "perturbed_loss", training.get("final_perturbed_loss"));
        put(told, "cosine", training.get("mean_cosine"));
        ObjectNode branches = told.putObject("branches");
        training.forEach((key, value) -> {
            if (key.startsWith(BRANCH) && branches.size() < 10) {
                put(branches, Quoted.of(key.substring(BRANCH.length())), value);
            }
        });
        told.set("trace", trace(training.get("trace")));
        section = told;
    }

    private static void put(ObjectNode node, String key, String number) {
        double value;
        try {
            value = number == null ? Double.NaN : Double.parseDouble(number);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            node.put(key, (long) value);
        } else {
            JsonFigures.put(node, key, value);
        }
    }

    private static JsonNode trace(String text) {
        if (text == null) {
            return NullNode.instance;
        }
        try {
            JsonNode read = JSON.readTree(text);
            ObjectNode trace = Json.object();
            for (String key : SERIES) {
                ArrayNode series = trace.putArray(key);
                for (JsonNode value : read.path(key)) {
                    if (series.size() < MOST_POINTS) {
                        series.add(value.isNumber() ? value : NullNode.instance);
                    }
                }
            }
            return trace.path("step").isEmpty() ? NullNode.instance : trace;
        } catch (JsonProcessingException e) {
            return NullNode.instance; // of another writer: the rest of the candidate is good
        }
    }

    JsonNode json() {
        return section;
    }
}
