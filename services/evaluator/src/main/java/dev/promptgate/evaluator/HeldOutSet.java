package dev.promptgate.evaluator;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The images that judge prompts: held-out ones of labelled classes, and probe images of classes never trained. An id counts once, with
 * its newest label. Not thread-safe; the lists it hands out are copies.
 */
final class HeldOutSet {
    /** An image and where it came from. */
    record Entry(ImageFeature image, int partition, long offset) {
        boolean isBefore(Map<Integer, Long> horizon) {
            return offset < horizon.getOrDefault(partition, 0L);
        }

        boolean isProbe() {
            return image.split() == Split.PROBE;
        }
    }

    private final Map<String, Entry> byId = new LinkedHashMap<>();

    /** Takes in an image; a training image only displaces what its id was before. */
    void put(ImageFeature image, int partition, long offset) {
        byId.remove(image.imageId()); // so that a repeated id stands at its newest place
        if (image.split() != Split.TRAIN) {
            byId.put(image.imageId(), new Entry(image, partition, offset));
        }
    }

    void remove(String imageId) {
        byId.remove(imageId);
    }

    int heldOut() {
        return (int) byId.values().stream().filter(entry -> !entry.isProbe()).count();
    }

    int size() {
        return byId.size();
    }

    /** Classes with held-out images, in the order of their names. */
    List<String> labelledClasses() {
        TreeSet<String> names = new TreeSet<>();
        byId.values().stream().filter(entry -> !entry.isProbe()).forEach(entry -> names.add(entry.image().label()));
        return List.copyOf(names);
    }

    /** Everything. */
    List<Entry> entries() {
        return new ArrayList<>(byId.values());
    }

    /** What stood in the topic before the horizon (per partition the next offset). */
    List<Entry> before(Map<Integer, Long> horizon) {
        return byId.values().stream().filter(entry -> entry.isBefore(horizon)).toList();
    }

    /** The horizon that takes in {@code count} images more than this one, in the order of arrival; null while there are not as many. */
    Map<Integer, Long> extend(Map<Integer, Long> horizon, int count) {
        Map<Integer, Long> extended = new TreeMap<>(horizon);
        int more = 0;
        for (Entry entry : byId.values()) {
            if (!entry.isBefore(horizon)) {
                extended.merge(entry.partition(), entry.offset() + 1, Math::max);
                if (++more == count) {
                    return extended;
                }
            }
        }
        return null;
    }
}
