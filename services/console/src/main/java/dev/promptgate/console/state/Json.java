package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.accuracy.JsonFigures;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.report.CalibrationFigures;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.ReportJson;
import java.util.Optional;

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

    /**
     * The accuracies, and how calibrated the prompt is: its calibration error, its temperature, and the share of images that it answers at
     * the target error; each null where it was not measured.
     */
    static JsonNode figures(ComparedPrompts comparison, Role role) {
        JsonNode accuracies = accuracies(comparison, role);
        if (accuracies instanceof ObjectNode figures) {
            Optional<CalibrationFigures> calibration = comparison.calibration(role);
            JsonFigures.put(figures, "ece", calibration.map(found -> found.calibrated().ece()).orElse(Double.NaN));
            JsonFigures.put(figures, "temperature", calibration.map(CalibrationFigures::temperature).orElse(Double.NaN));
            JsonFigures.put(figures, "coverage", calibration.map(found -> found.selective().coverage()).orElse(Double.NaN));
            JsonFigures.put(figures, "target_error", calibration.map(found -> found.selective().targetError()).orElse(Double.NaN));
        }
        return accuracies;
    }
}
