package dev.promptgate.ingest.labelstudio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The one choice of an annotation. */
final class ChoiceResult {
    private ChoiceResult() {}

    /**
     * The choice in an annotation's result, empty if there is none.
     *
     * @param fromName the control that counts; empty for the only one
     * @throws ProblemException if several controls or several choices would have to be chosen from
     */
    static Optional<String> of(JsonNode result, String fromName) {
        List<JsonNode> ofControl = StreamSupport.stream(result.spliterator(), false)
                .filter(part -> part.path("type").asText().equals("choices"))
                .filter(part -> fromName.isEmpty() || part.path("from_name").asText().equals(fromName)).toList();
        List<String> controls = ofControl.stream().map(part -> part.path("from_name").asText()).distinct().toList();
        if (controls.size() > 1) {
            throw Problem.of(422, "The annotation has choices of several controls; name the one that is the label in "
                    + "ingest.label-studio.from-name [controls: %s]".formatted(Quoted.of(String.join(", ", controls)))).exception();
        }
        List<String> choices = ofControl.stream()
                .flatMap(part -> StreamSupport.stream(part.path("value").path("choices").spliterator(), false)).map(JsonNode::asText)
                .distinct().toList();
        if (choices.size() > 1) {
            throw Problem.of(422, "The annotation has several choices, and an image has one label; let the control take a single one "
                    + "[choices: %s]".formatted(Quoted.of(String.join(", ", choices)))).exception();
        }
        return choices.stream().findFirst();
    }
}
