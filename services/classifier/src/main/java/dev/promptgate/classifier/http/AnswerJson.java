package dev.promptgate.classifier.http;

import dev.promptgate.classifier.answer.Classification.Answers;
import dev.promptgate.classifier.config.Selection;
import dev.promptgate.classifier.prompt.LabelRanker.Label;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;

/** Answers as the OpenAPI document lays them out, with the model's fingerprint and the hand-written words. */
record AnswerJson(String model, String contextInit) {
    /** Which prompt and model answered. */
    JsonObject origin(PromptClassifier prompt) {
        return new JsonObject().put("prompt", new JsonObject().put("name", prompt.live().name()).put("version", prompt.version()))
                .put("model", model);
    }

    /** One image's labels, put into {@code into}; before them the one that the prompt stands behind, if that was asked for. */
    static JsonObject labels(JsonObject into, Answers.Image answer) {
        answer.selection().ifPresent(selection -> {
            boolean isAnswered = selection == Selection.ANSWERED;
            into.put("label", isAnswered ? answer.labels().get(0).name() : null);
            if (!isAnswered) {
                into.put("reason", selection.wireName());
            }
        });
        into.put("labels", labels(answer.labels()));
        answer.zeroShot().ifPresent(labels -> into.put("zero_shot", labels(labels)));
        return into;
    }

    private static JsonArray labels(List<Label> labels) {
        JsonArray array = new JsonArray();
        labels.forEach(label -> array.add(new JsonObject().put("label", label.name()).put("probability", label.probability())));
        return array;
    }

    JsonObject prompt(PromptClassifier active) {
        LivePrompt live = active.live();
        JsonObject json = new JsonObject().put("name", live.name()).put("version", live.version()).put("model", model)
                .put("classes", active.own().classes().size())
                .put("since", live.since() == LivePrompt.NEVER ? null : live.since())
                .put("context_init", live.prompt().map(prompt -> prompt.metadata().contextInit()).orElse(contextInit));
        live.prompt().map(prompt -> prompt.metadata()).ifPresent(about -> learned(json, about));
        return json;
    }

    private static void learned(JsonObject json, PromptMetadata about) {
        json.put("trained_classes", about.classes().size()).put("created_at", about.createdAt()).put("parent", about.parent())
                .put("verdict", new JsonObject(new LinkedHashMap<>(about.verdict())));
    }

    static JsonObject classes(PromptClassifier active) {
        return new JsonObject().put("version", active.version()).put("classes", new JsonArray(active.own().classes()));
    }
}
