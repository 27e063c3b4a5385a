package dev.promptgate.evaluator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.evaluator.evidence.AnswerChanges.Change;
import dev.promptgate.evaluator.evidence.AnswerChanges;
import dev.promptgate.evaluator.evidence.ClassCounts.Cell;
import dev.promptgate.evaluator.evidence.ClassCounts.OfClass;
import dev.promptgate.evaluator.evidence.ClassCounts;
import dev.promptgate.evaluator.evidence.HeldOutSet;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageDetailTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** As long as a label may be, and escaped in JSON. */
    private static final String LONGEST = "\"".repeat(256);

    private final ObjectNode root = JSON.createObjectNode();
    private final ImageDetail detail = new ImageDetail(root);

    @Test
    void whatFitsIsWhole() {
        detail.changes(new AnswerChanges(changes(50, "x"), List.of()));
        detail.counts(new ClassCounts(IntStream.range(0, 1000).mapToObj(i -> new OfClass("class " + i, true, 1, 2)).toList(),
                cells(3000, "name of a class ")));
        assertFalse(root.has("cut"), () -> root.path("cut").toString());
        assertEquals(List.of(50, 0, 1000, 3000),
                List.of(root.path("changed").path("lost").size(), root.path("changed").path("won").size(), root.path("per_class").size(),
                        root.path("confusion").size()));
    }

    @Test
    void numbersAreLimited() {
        detail.changes(new AnswerChanges(changes(51, "x"), List.of()));
        detail.counts(new ClassCounts(List.of(), cells(5001, "")));
        assertEquals("[\"changed\",\"confusion\"]", root.path("cut").toString());
        assertEquals(50, root.path("changed").path("lost").size());
        assertEquals(51, root.path("changed").path("lost_total").asInt());
        assertEquals(5000, root.path("confusion").size());
    }

    @Test
    void theWorstNamesDoNotFillTheTopicsLargestRecord() throws Exception {
        detail.changes(new AnswerChanges(changes(1000, LONGEST), changes(1000, LONGEST)));
        detail.counts(new ClassCounts(Collections.nCopies(5000, new OfClass(LONGEST, true, 1, 2)), cells(10_000, LONGEST)));
        int bytes = JSON.writeValueAsBytes(root).length;
        assertTrue(bytes > 200_000 && bytes < 297_000, "bytes: " + bytes);
        assertEquals("[\"changed\",\"per_class\",\"confusion\"]", root.path("cut").toString());
        assertEquals(1000, root.path("changed").path("won_total").asInt());
    }

    private static List<Change> changes(int count, String label) {
        HeldOutSet images = new HeldOutSet(1);
        images.put(new ImageFeature("i".repeat(500), label, Split.HELD_OUT, "m", new float[] {1}, 0, new SourcePosition(3, 4)), 0);
        return Collections.nCopies(count, new Change(images.at(1).get(0), label, label));
    }

    private static List<Cell> cells(int count, String name) {
        return IntStream.range(0, count).mapToObj(i -> new Cell(name + i % 100, name, 1)).toList();
    }
}
