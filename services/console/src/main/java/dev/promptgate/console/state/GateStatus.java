package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter;

/** What is live by prompt-rollouts, and whether the gate lets anything out by the reports. Not thread-safe. */
final class GateStatus {
    private final String prompt;
    private final boolean takesCommands;
    private final boolean hasClassifier;
    private ObjectNode live = live(0, 0, "no prompt was rolled out yet");
    private boolean paused;
    private long coolDownUntil;

    GateStatus(String prompt, boolean takesCommands, boolean hasClassifier) {
        this.prompt = prompt;
        this.takesCommands = takesCommands;
        this.hasClassifier = hasClassifier;
        live.putNull("since");
    }

    void live(PromptMetadata about, long at) {
        live = live(about.version(), about.classes().size(), Json.text(about.verdict().getOrDefault("reason", ""))).put("since", at);
    }

    /** The hand-written prompt is live again. */
    void handWritten(long at) {
        live = live(0, 0, "back to the hand-written prompt").put("since", at);
    }

    private static ObjectNode live(long version, int classes, String reason) {
        return Json.object().put("version", version).put("classes", classes).put("reason", reason);
    }

    /** @return whether the report told something new */
    boolean take(GateAfter after) {
        if (after.isPaused() == paused && after.coolDownUntil() == coolDownUntil) {
            return false;
        }
        paused = after.isPaused();
        coolDownUntil = after.coolDownUntil();
        return true;
    }

    JsonNode json() {
        ObjectNode section = Json.object().put("prompt", prompt);
        section.set("live", live.deepCopy());
        section.put("paused", paused);
        section.set("cool_down_until", coolDownUntil > 0 ? section.numberNode(coolDownUntil) : NullNode.instance);
        return section.put("commands", takesCommands).put("classifier", hasClassifier);
    }
}
