package dev.promptgate.evaluator.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.evaluator.evidence.AnswerChanges;
import dev.promptgate.evaluator.evidence.ClassCounts;
import dev.promptgate.messaging.record.ImageFeature;
import java.util.List;
import java.util.function.Function;

/**
 * The parts of a report that grow with classes and images. Each is cut at a number of entries and of bytes, which leaves most of the
 * topic's 1 MiB to the rest; {@code cut} names those that were.
 */
final class ImageDetail {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CHANGED = 50;
    private static final int CHANGED_BYTES = 32 << 10;
    private static final int CLASSES_BYTES = 64 << 10;
    private static final int MOST_CELLS = 5000;
    private static final int CELLS_BYTES = 160 << 10;
    private static final String CUT = "cut";

    private final ObjectNode root;

    ImageDetail(ObjectNode root) {
        this.root = root;
    }

    void changes(AnswerChanges changes) {
        ObjectNode changed = root.putObject("changed").put("lost_total", changes.lost().size()).put("won_total", changes.won().size());
        boolean isWhole = fill(changed.putArray("lost"), changes.lost(), MOST_CHANGED, CHANGED_BYTES, ImageDetail::change)
                & fill(changed.putArray("won"), changes.won(), MOST_CHANGED, CHANGED_BYTES, ImageDetail::change);
        if (!isWhole) {
            root.withArray(CUT).add("changed");
        }
    }

    void counts(ClassCounts counts) {
        if (!fill(root.putArray("per_class"), counts.classes(), Integer.MAX_VALUE, CLASSES_BYTES, ImageDetail::ofClass)) {
            root.withArray(CUT).add("per_class");
        }
        if (!fill(root.putArray("confusion"), counts.confusion(), MOST_CELLS, CELLS_BYTES, ImageDetail::cell)) {
            root.withArray(CUT).add("confusion");
        }
    }

    private static ObjectNode change(AnswerChanges.Change change) {
        ImageFeature image = change.image().image();
        return JSON.createObjectNode().put("id", image.imageId()).put("label", image.label()).put("live_answer", change.live())
                .put("candidate_answer", change.candidate())
                .put("partition", image.source().partition()).put("offset", image.source().offset());
    }

    private static ArrayNode ofClass(ClassCounts.OfClass c) {
        return JsonNodeFactory.instance.arrayNode().add(c.name()).add(c.isSeen()).add(c.right()).add(c.total());
    }

    private static ArrayNode cell(ClassCounts.Cell cell) {
        return JsonNodeFactory.instance.arrayNode().add(cell.label()).add(cell.answer()).add(cell.count());
    }

    /** @return whether all entries found room */
    private static <T> boolean fill(ArrayNode array, List<T> entries, int most, int maxBytes, Function<T, ? extends JsonNode> json) {
        int bytes = 0;
        for (T entry : entries) {
            JsonNode node = json.apply(entry);
            bytes += size(node) + 1;
            if (array.size() == most || bytes > maxBytes) {
                return false;
            }
            array.add(node);
        }
        return true;
    }

    private static int size(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node).length;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree is always JSON", e);
        }
    }
}
