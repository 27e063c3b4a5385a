package dev.promptgate.evaluator.evidence;

import dev.promptgate.evaluator.evidence.HeldOutSet.HeldOutImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The classes of a comparison, the seen ones first, and the images that belong to them with their features [n][dim] and class indices; the
 * seen class that has fewest images has {@code fewestPerSeenClass}.
 */
public record ComparedImages(List<String> classes, int seen, List<HeldOutImage> entries, float[][] images, int[] labels,
        int fewestPerSeenClass) {
    /**
     * Held-out images of the seen classes, and all images of others: probe classes, and classes that have arrived but are not trained yet.
     * A probe image of a seen class belongs nowhere.
     */
    public static ComparedImages of(List<String> seenClasses, List<HeldOutImage> entries) {
        TreeSet<String> unseen = new TreeSet<>();
        entries.forEach(entry -> unseen.add(entry.image().label()));
        seenClasses.forEach(unseen::remove);
        List<String> classes = new ArrayList<>(seenClasses);
        classes.addAll(unseen);
        Map<String, Integer> index = new HashMap<>();
        classes.forEach(name -> index.put(name, index.size()));
        int seen = seenClasses.size();
        List<HeldOutImage> used = entries.stream().filter(entry -> !entry.isProbe() || index.get(entry.image().label()) >= seen).toList();
        int[] labels = used.stream().mapToInt(entry -> index.get(entry.image().label())).toArray();
        int[] perClass = new int[seen];
        Arrays.stream(labels).filter(label -> label < seen).forEach(label -> perClass[label]++);
        return new ComparedImages(classes, seen, used, used.stream().map(entry -> entry.image().feature()).toArray(float[][]::new), labels,
                Arrays.stream(perClass).min().orElse(0));
    }

    public List<String> seenClasses() {
        return classes.subList(0, seen);
    }
}
