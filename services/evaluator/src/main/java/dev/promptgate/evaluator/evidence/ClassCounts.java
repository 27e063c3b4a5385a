package dev.promptgate.evaluator.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a prompt takes the images of each class for, in the joint label space.
 *
 * @param classes those that have images, the worst first
 * @param confusion the pairs that occur, the most frequent first
 */
public record ClassCounts(List<OfClass> classes, List<Cell> confusion) {
    /** How many images of a class are taken for what they are. */
    public record OfClass(String name, boolean isSeen, int right, int total) {}

    /** How many images of a class are taken for a class, maybe itself. */
    public record Cell(String label, String answer, int count) {}

    /** @param answers class index that the prompt answers, per image of the space */
    static ClassCounts of(ComparedImages space, int[] answers) {
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
        List<OfClass> byClass = new ArrayList<>(IntStream.range(0, classes).filter(c -> totals[c] > 0)
                .mapToObj(c -> new OfClass(space.classes().get(c), c < space.seen(), rights[c], totals[c])).toList());
        byClass.sort(Comparator.comparingDouble((OfClass c) -> (double) c.right() / c.total()).thenComparing(OfClass::name));
        List<Cell> confusion = new ArrayList<>();
        cells.forEach((cell, count) -> confusion
                .add(new Cell(space.classes().get((int) (cell / classes)), space.classes().get((int) (cell % classes)), count)));
        confusion.sort(Comparator.comparingInt(Cell::count).reversed());
        return new ClassCounts(byClass, confusion);
    }
}
