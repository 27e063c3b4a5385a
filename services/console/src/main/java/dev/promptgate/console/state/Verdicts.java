package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.report.AnswerDetail.Changed;
import dev.promptgate.messaging.report.AnswerDetail.ChangedImage;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The newest verdicts and the images that changed their answer. Not thread-safe. */
final class Verdicts {
    private static final int MOST = 100;
    private static final int MOST_IMAGES = 50;
    private static final Changed UNKNOWN = Changed.of(List.of(), List.of());

    /** One verdict: its row, and its images as the evaluator wrote them. */
    private record Entry(ObjectNode row, Changed changed) {}

    private final TreeMap<Long, Entry> newest = new TreeMap<>();

    void take(VerdictReport report, long offset, long at) {
        VerdictReport.Ruling ruling = report.ruling();
        Optional<ComparedPrompts> comparison = report.comparison();
        Optional<Changed> changed = comparison.flatMap(compared -> compared.detail().changed());
        String heldBy = report.rollout().heldBy();
        ObjectNode row = Json.object().put("id", offset).put("at", at).put("candidate_version", ruling.candidateVersion())
                .put("outcome", ruling.outcome().wireName()).put("final", ruling.isFinal()).put("rolled_out", report.isRolledOut())
                .put("held_by", heldBy.isEmpty() ? null : Json.text(heldBy)).put("look", ruling.look())
                .put("reason", Json.text(ruling.reason()));
        for (Role role : List.of(Role.CANDIDATE, Role.LIVE, Role.ZERO_SHOT)) {
            row.set(role.key(), comparison.map(compared -> Json.figures(compared, role)).orElse(NullNode.instance));
        }
        row.put("lost", changed.map(Changed::lostTotal).orElse(null)).put("won", changed.map(Changed::wonTotal).orElse(null));
        newest.put(offset, new Entry(row, changed.orElse(UNKNOWN)));
        if (newest.size() > MOST) {
            newest.pollFirstEntry();
        }
    }

    JsonNode json() {
        ArrayNode section = Json.array();
        newest.descendingMap().values().forEach(entry -> section.add(entry.row()));
        return section;
    }

    /** The images that a candidate answers otherwise than the live prompt, by the offset of the report; empty for an old one. */
    Optional<JsonNode> changed(long id) {
        return Optional.ofNullable(newest.get(id)).map(Entry::changed).map(changed -> {
            ObjectNode answer = Json.object();
            images(answer.putArray("lost"), changed.lost());
            images(answer.putArray("won"), changed.won());
            return answer.put("lost_total", orZero(changed.lostTotal())).put("won_total", orZero(changed.wonTotal()));
        });
    }

    private static int orZero(Integer told) {
        return told == null ? 0 : told;
    }

    private static void images(ArrayNode shown, List<ChangedImage> images) {
        images.stream().limit(MOST_IMAGES).forEach(image -> shown.addObject().put("id", Json.text(image.id()))
                .put("label", Json.text(image.label())).put("live_answer", Json.text(image.liveAnswer()))
                .put("candidate_answer", Json.text(image.candidateAnswer()))
                .put("image", "/api/images/%d/%d".formatted(image.partition(), image.offset())));
    }
}
