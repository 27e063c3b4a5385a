package dev.promptgate.messaging.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.report.AnswerDetail.Changed;
import dev.promptgate.messaging.report.AnswerDetail.ChangedImage;
import dev.promptgate.messaging.report.AnswerDetail.ClassRow;
import dev.promptgate.messaging.report.AnswerDetail.ClassTable;
import dev.promptgate.messaging.report.AnswerDetail.ConfusionCell;
import dev.promptgate.messaging.report.AnswerDetail.Part;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerDetailTest {
    /** As long as a label may be, and escaped in JSON. */
    private static final String LONGEST = "\"".repeat(256);

    @Test
    void whatFitsIsWhole() {
        AnswerDetail detail = AnswerDetail.cut(Optional.of(Changed.of(images(50, "x"), List.of())),
                new ClassTable(IntStream.range(0, 1000).mapToObj(i -> new ClassRow("class " + i, true, 1, 2)).toList(),
                        cells(3000, "name of a class ")));
        assertEquals(Set.of(), detail.cut());
        Changed changed = detail.changed().orElseThrow();
        ClassTable classes = detail.classes().orElseThrow();
        assertEquals(List.of(50, 0, 1000, 3000),
                List.of(changed.lost().size(), changed.won().size(), classes.perClass().size(), classes.confusion().size()));
    }

    @Test
    void numbersAreLimited() {
        AnswerDetail detail = AnswerDetail.cut(Optional.of(Changed.of(images(51, "x"), List.of())),
                new ClassTable(List.of(), cells(5001, "")));
        assertEquals(Set.of(Part.CHANGED, Part.CONFUSION), detail.cut());
        assertEquals(50, detail.changed().orElseThrow().lost().size());
        assertEquals(51, detail.changed().orElseThrow().lostTotal());
        assertEquals(5000, detail.classes().orElseThrow().confusion().size());
    }

    @Test
    void theWorstNamesDoNotFillTheTopicsLargestRecord() {
        AnswerDetail detail = AnswerDetail.cut(Optional.of(Changed.of(images(1000, LONGEST), images(1000, LONGEST))),
                new ClassTable(Collections.nCopies(5000, new ClassRow(LONGEST, true, 1, 2)), cells(10_000, LONGEST)));
        int bytes = ReportJson.bytes(detail.changed().orElseThrow()).length + ReportJson.bytes(detail.classes().orElseThrow()).length;
        assertTrue(bytes > 200_000 && bytes < 297_000, "bytes: " + bytes);
        assertEquals(Set.of(Part.CHANGED, Part.PER_CLASS, Part.CONFUSION), detail.cut());
        assertEquals(1000, detail.changed().orElseThrow().wonTotal());
    }

    private static List<ChangedImage> images(int count, String label) {
        return Collections.nCopies(count, new ChangedImage("i".repeat(500), label, label, label, 3, 4));
    }

    private static List<ConfusionCell> cells(int count, String name) {
        return IntStream.range(0, count).mapToObj(i -> new ConfusionCell(name + i % 100, name, 1)).toList();
    }
}
