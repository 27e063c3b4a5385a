package dev.promptgate.evaluator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The classes of a comparison and the images that belong to them.
 *
 * @param classes the seen ones first
 * @param seen how many are seen
 * @param images features [n][dim]
 * @param labels class index of each image
 * @param fewestPerSeenClass images of the seen class that has fewest
 */
record LabelSpace(List<String> classes, int seen, float[][] images, int[] labels, int fewestPerSeenClass) {
    /** Held-out images of the seen classes, and probe images of all others. */
    static LabelSpace of(List<String> seenClasses, List<HeldOutSet.Entry> entries) {
        TreeSet<String> unseen = new TreeSet<>();
        entries.stream().filter(HeldOutSet.Entry::isProbe).forEach(entry -> unseen.add(entry.image().label()));
        seenClasses.forEach(unseen::remove);
        List<String> classes = new ArrayList<>(seenClasses);
        classes.addAll(unseen);
        Map<String, Integer> index = new HashMap<>();
        classes.forEach(name -> index.put(name, index.size()));
        int seen = seenClasses.size();
        List<HeldOutSet.Entry> used = entries.stream().filter(entry -> {
            Integer label = index.get(entry.image().label());
            return label != null && entry.isProbe() == label >= seen;
        }).toList();
        int[] perClass = new int[seen];
        used.stream().filter(entry -> !entry.isProbe()).forEach(entry -> perClass[index.get(entry.image().label())]++);
        return new LabelSpace(classes, seen, used.stream().map(entry -> entry.image().feature()).toArray(float[][]::new),
                used.stream().mapToInt(entry -> index.get(entry.image().label())).toArray(),
                java.util.Arrays.stream(perClass).min().orElse(0));
    }
}
