package dev.promptgate.evaluator.evidence;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.report.AnswerDetail.Changed;
import dev.promptgate.messaging.report.AnswerDetail.ChangedImage;
import dev.promptgate.messaging.report.AnswerDetail.ClassRow;
import dev.promptgate.messaging.report.AnswerDetail.ClassTable;
import dev.promptgate.messaging.report.AnswerDetail.ConfusionCell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Class by class and image by image in the joint label space: the one users live with. */
final class AnswerTables {
    private AnswerTables() {}

    /**
     * The images that a candidate gets wrong and the live prompt right, and the reverse, the newest first; answers are class indices, per
     * image of the space.
     */
    static Changed changes(ComparedImages space, int[] live, int[] candidate) {
        List<ChangedImage> lost = new ArrayList<>();
        List<ChangedImage> won = new ArrayList<>();
        for (int i = live.length - 1; i >= 0; i--) { // the space has them in the order of their records
            boolean wasRight = live[i] == space.labels()[i];
            boolean isRight = candidate[i] == space.labels()[i];
            if (wasRight != isRight) {
                ImageFeature image = space.entries().get(i).image();
                (wasRight ? lost : won).add(new ChangedImage(image.imageId(), image.label(), space.classes().get(live[i]),
                        space.classes().get(candidate[i]), image.source().partition(), image.source().offset()));
            }
        }
        return Changed.of(lost, won);
    }

    /** @param answers class index that the prompt answers, per image of the space */
    static ClassTable classes(ComparedImages space, int[] answers) {
        int classes = space.classes().size();
        int[] totals = new int[classes];
        int[] rights = new int[classes];
        Map<Long, Integer> cells = new TreeMap<>(); // in the order of indices, so that equal counts have one, too
        for (int i = 0; i < answers.length; i++) {
            int label = space.labels()[i];
            totals[label]++;
            rights[label] += answers[i] == label ? 1 : 0;
            cells.merge((long) label * classes + answers[i], 1, Integer::sum);
        }
        List<ClassRow> byClass = new ArrayList<>(IntStream.range(0, classes).filter(c -> totals[c] > 0)
                .mapToObj(c -> new ClassRow(space.classes().get(c), c < space.seen(), rights[c], totals[c])).toList());
        byClass.sort(Comparator.comparingDouble((ClassRow c) -> (double) c.right() / c.total()).thenComparing(ClassRow::name));
        List<ConfusionCell> confusion = new ArrayList<>();
        cells.forEach((cell, count) -> confusion
                .add(new ConfusionCell(space.classes().get((int) (cell / classes)), space.classes().get((int) (cell % classes)), count)));
        confusion.sort(Comparator.comparingInt(ConfusionCell::images).reversed());
        return new ClassTable(byClass, confusion);
    }
}
