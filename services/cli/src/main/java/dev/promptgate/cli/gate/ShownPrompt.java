package dev.promptgate.cli.gate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCalibration;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A live prompt that was learned, in words and as JSON.
 *
 * @param retired the classes that are retired by now, of the prompt or not; empty if nobody asked
 */
record ShownPrompt(Prompt prompt, boolean isVerified, Optional<Set<String>> retired) {
    private static final int MAX_NAME = 256;

    List<String> lines() {
        Context context = prompt.context();
        PromptMetadata about = prompt.metadata();
        List<String> lines = new ArrayList<>();
        lines.add("version %d is live%s [prompt: %s, context: %d × %d, classes: %d, model: %s, verdict: %s]".formatted(about.version(),
                isVerified ? ", its signature is good" : "", about.prompt(), context.tokens(), context.width(), about.classes().size(),
                about.modelFingerprint(), about.verdict().get("reason")));
        lines.addAll(inWords(about.calibration()));
        about.descriptions().byClass()
                .forEach((name, text) -> lines.add("%s stands there as %s".formatted(Quoted.of(name, MAX_NAME), SamePrompt.quoted(text))));
        if (retired.isPresent()) {
            ofItsRetired().forEach(name -> lines.add("%s is retired, and stays in this prompt".formatted(Quoted.of(name, MAX_NAME))));
            lines.add("%d of its %d classes are retired".formatted(ofItsRetired().size(), about.classes().size()));
        }
        return lines;
    }

    private List<String> ofItsRetired() {
        return prompt.metadata().classes().stream().filter(retired.orElseThrow()::contains).toList();
    }

    /** What the rollout says of its probabilities; nothing if it says nothing. */
    private static List<String> inWords(PromptCalibration found) {
        if (Double.isNaN(found.targetError())) {
            return List.of();
        }
        String temperature = String.format(Locale.ROOT, "its logits are divided by %.3f, so that its probabilities are calibrated",
                found.temperature());
        return List.of(temperature, Double.isNaN(found.threshold())
                ? String.format(Locale.ROOT, "no probability keeps its errors to %.1f%%: asked to abstain, it answers nothing",
                        100 * found.targetError())
                : String.format(Locale.ROOT, "of the labels with a probability of at least %.3f no more than %.1f%% are wrong",
                        found.threshold(), 100 * found.targetError()));
    }

    ObjectNode json() {
        PromptMetadata about = prompt.metadata();
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode().put("prompt", about.prompt()).put("version", about.version())
                .put("verified", isVerified).put("context_tokens", prompt.context().tokens()).put("model", about.modelFingerprint());
        json.set("classes", mapper.valueToTree(about.classes()));
        json.set("descriptions", mapper.valueToTree(about.descriptions().byClass()));
        retired.ifPresent(names -> json.set("retired", mapper.valueToTree(ofItsRetired())));
        json.set("verdict", mapper.valueToTree(about.verdict()));
        return json;
    }
}
