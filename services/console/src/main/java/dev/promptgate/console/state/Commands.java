package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.report.EvaluationReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The newest commands to the gate and their answers; topics come in no order, so an answer may be first. Not thread-safe. */
final class Commands {
    private static final int MOST = 20;
    /** Remembered beyond what is shown, so that an old answer is not taken for a new command. */
    private static final int REMEMBERED = 500;

    private final Map<String, ObjectNode> byId = new LinkedHashMap<>();
    private final Map<String, ObjectNode> answersAhead = new LinkedHashMap<>();

    void take(GateCommand command, long at) {
        ObjectNode row = Json.object().put("id", command.id()).put("at", at).put("action", command.action().wireName())
                .put("by", command.by()).put("reason", command.reason());
        command.to().ifPresent(version -> row.put("to", version));
        row.set("accepted", NullNode.instance);
        row.put("answer", "");
        byId.put(command.id(), row);
        ObjectNode answer = answersAhead.remove(command.id());
        if (answer != null) {
            row.setAll(answer);
        }
        bound(byId);
    }

    /** @return whether the report answers a command that is known */
    boolean take(EvaluationReport report) {
        return report.command().filter(answer -> !answer.commandId().isEmpty()).map(answer -> {
            ObjectNode columns = Json.object().put("accepted", answer.accepted()).put("answer", Json.text(answer.reason()));
            ObjectNode row = byId.get(answer.commandId());
            if (row == null) {
                answersAhead.put(answer.commandId(), columns);
                bound(answersAhead);
                return false;
            }
            row.setAll(columns);
            return true;
        }).orElse(false);
    }

    private static void bound(Map<String, ?> map) {
        if (map.size() > REMEMBERED) {
            map.remove(map.keySet().iterator().next());
        }
    }

    JsonNode json() {
        List<ObjectNode> newest = new ArrayList<>(byId.values());
        Collections.reverse(newest);
        ArrayNode section = Json.array();
        newest.stream().limit(MOST).forEach(section::add);
        return section;
    }
}
