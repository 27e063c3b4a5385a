package dev.promptgate.evaluator.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.AnswerDetail.Changed;
import dev.promptgate.messaging.report.AnswerDetail.ChangedImage;
import dev.promptgate.messaging.report.AnswerDetail.ClassRow;
import dev.promptgate.messaging.report.AnswerDetail.ClassTable;
import dev.promptgate.messaging.report.AnswerDetail.ConfusionCell;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private final HeldOutSet images = new HeldOutSet(10);
    private ComparedImages space;

    /** Classes cat (0) and dog (1) are seen, emu (2) is not. */
    @BeforeEach
    void setUp() {
        put("c0", "cat", Split.HELD_OUT, 0);
        put("d1", "dog", Split.HELD_OUT, 1);
        put("e2", "emu", Split.PROBE, 2);
        put("c3", "cat", Split.HELD_OUT, 3);
        put("c4", "cat", Split.HELD_OUT, 4);
        space = ComparedImages.of(List.of("cat", "dog"), images.at(5));
    }

    private void put(String id, String label, Split split, long offset) {
        images.put(new ImageFeature(id, label, split, "m", new float[] {1}, 0, new SourcePosition(0, offset)), offset);
    }

    @Test
    void onlyWhatWasRightOrIsRightCountsAsChangedTheNewestFirst() {
        Changed changes = AnswerTables.changes(space, new int[] {0, 0, 2, 1, 0}, new int[] {2, 2, 2, 0, 1});
        assertEquals(List.of("c4: cat → dog", "c0: cat → emu"), shown(changes.lost()));
        assertEquals(List.of("c3: dog → cat"), shown(changes.won()));
    }

    private static List<String> shown(List<ChangedImage> changes) {
        return changes.stream().map(c -> "%s: %s → %s".formatted(c.id(), c.liveAnswer(), c.candidateAnswer())).toList();
    }

    @Test
    void classesComeTheWorstFirstAndPairsTheMostFrequentFirst() {
        ClassTable table = AnswerTables.classes(space, new int[] {0, 0, 2, 1, 0});
        assertEquals(List.of(new ClassRow("dog", true, 0, 1), new ClassRow("cat", true, 2, 3), new ClassRow("emu", false, 1, 1)),
                table.perClass());
        assertEquals(
                List.of(new ConfusionCell("cat", "cat", 2), new ConfusionCell("cat", "dog", 1), new ConfusionCell("dog", "cat", 1),
                        new ConfusionCell("emu", "emu", 1)),
                table.confusion());
    }

    @Test
    void classesWithoutImagesTellNothing() {
        assertEquals(List.of("cat", "dog", "emu"),
                AnswerTables.classes(ComparedImages.of(List.of("cat", "dog", "yak"), images.at(5)), new int[] {0, 1, 3, 0, 0})
                        .perClass().stream().map(ClassRow::name).toList());
    }
}
