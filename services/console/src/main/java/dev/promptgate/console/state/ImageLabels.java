package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.learning.accuracy.JsonFigures;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.report.SuspectedLabels;
import dev.promptgate.service.logging.MergeCommand;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is odd about labels and ids: of the newest images, labels that would be the same prompt as another, or as a class of the last
 * candidate, and ids that came again with other bytes; of those that judge, labels that look wrong to the live prompt. Not thread-safe.
 */
final class ImageLabels {
    private static final int MOST_IMAGES = 10_000;
    private static final int MOST_GROUPS = 50;
    private static final int MOST_SUSPECTS = 50;

    private record Image(String label, String sha256) {}

    private final Map<String, Image> newest = new LinkedHashMap<>();
    private final Map<String, Integer> images = new HashMap<>();
    private final Set<String> trained = new HashSet<>();
    private final Newest reused = new Newest(20);
    private long reusedTotal;
    private boolean hasOtherLabels;
    private List<SamePrompt> groups = List.of();
    private ObjectNode suspects = suspects(NullNode.instance, NullNode.instance, new SuspectedLabels(0, List.of()));

    /** @return whether there is something else to show, groups aside; @throws InvalidRecordException if it is no feature */
    boolean take(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        String id = ImageIds.hasKey(record) ? ImageIds.of(record) : "";
        ImageFeature feature = record.value() == null ? null : ImageFeature.decode(record);
        Image before = newest.remove(id);
        boolean isReused = false;
        if (feature != null) {
            isReused = before != null && isOther(before.sha256(), feature.file().sha256());
            newest.put(id, new Image(feature.label(), feature.file().sha256()));
            comes(feature.label());
        }
        if (before != null && leaves(before.label())) {
            trained.remove(before.label()); // its last image was withdrawn or has another label now
        }
        if (isReused) {
            reusedTotal++;
            reused.add(Json.object().put("at", record.timestamp()).put("id", Json.text(id)).put("label", Json.text(feature.label())));
        }
        if (newest.size() > MOST_IMAGES) {
            Iterator<Image> oldest = newest.values().iterator();
            leaves(oldest.next().label());
            oldest.remove();
        }
        return isReused;
    }

    /** @return whether the report told something */
    boolean take(MeasurementReport report, long at) {
        report.suspects().ifPresent(told -> suspects = suspects(Json.number(report.head().liveVersion()), Json.number(at), told));
        return report.suspects().isPresent();
    }

    private static ObjectNode suspects(JsonNode version, JsonNode at, SuspectedLabels told) {
        ObjectNode suspects = Json.object();
        suspects.set("version", version);
        suspects.set("at", at);
        ArrayNode images = suspects.put("total", told.total()).putArray("images");
        told.images().stream().limit(MOST_SUSPECTS).forEach(image -> {
            ObjectNode row = images.addObject().put("id", Json.text(image.id())).put("label", Json.text(image.label()))
                    .put("suggested", Json.text(image.suggested()));
            JsonFigures.put(row, "self_confidence", image.selfConfidence());
            JsonFigures.put(row, "probability", image.probability());
            row.put("image", "/api/images/%d/%d".formatted(image.partition(), image.offset()));
        });
        return suspects;
    }

    private void comes(String label) {
        hasOtherLabels |= images.merge(label, 1, Integer::sum) == 1;
    }

    private static boolean isOther(String before, String now) {
        return !before.isEmpty() && !now.isEmpty() && !before.equals(now);
    }

    /** Whether it was the label's last image. */
    private boolean leaves(String label) {
        boolean isGone = images.computeIfPresent(label, (same, count) -> count == 1 ? null : count - 1) == null;
        hasOtherLabels |= isGone;
        return isGone;
    }

    /** The classes of the last candidate. */
    void trained(Collection<String> classes) {
        trained.clear();
        trained.addAll(classes);
        hasOtherLabels = true;
    }

    /**
     * Groups what came since; whether there is something else to show. To be called before that: with ten thousand classes each record may
     * bring another label, and all are looked at here.
     */
    boolean group() {
        if (!hasOtherLabels) {
            return false;
        }
        hasOtherLabels = false;
        Set<String> labels = new HashSet<>(images.keySet());
        labels.addAll(trained);
        List<SamePrompt> before = groups;
        groups = SamePrompt.amongLabels(labels);
        return !groups.equals(before);
    }

    JsonNode json() {
        ObjectNode section = Json.object();
        ArrayNode same = section.putArray("same_prompt");
        for (SamePrompt group : groups.subList(0, Math.min(groups.size(), MOST_GROUPS))) {
            same.addObject().put("labels", Quoted.of(group.shown(), 2000)).put("merge", MergeCommand.of(group.merged()));
        }
        section.put("same_prompt_total", groups.size()).put("reused_ids_total", reusedTotal);
        section.set("reused_ids", reused.newestFirst());
        section.set("suspects", suspects);
        return section;
    }
}
