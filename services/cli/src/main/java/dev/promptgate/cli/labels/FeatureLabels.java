package dev.promptgate.cli.labels;

import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.Split;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The images of image-features and their labels, each id where its last record puts it, and what is said of classes; records that cannot be
 * used are passed over, as the services do. Not thread-safe.
 */
final class FeatureLabels {
    /** @param record null where only labels are asked for */
    private record Image(String label, Split split, ConsumerRecord<byte[], byte[]> record) {}

    private final Predicate<String> isWanted;
    private final boolean keepsRecords;
    private final Map<String, Image> byId = new LinkedHashMap<>();
    private final Map<String, String> known = new HashMap<>();
    private final Map<String, ClassState> states = new TreeMap<>();
    private long lastTimestamp;

    private FeatureLabels(Predicate<String> isWanted, boolean keepsRecords) {
        this.isWanted = isWanted;
        this.keepsRecords = keepsRecords;
    }

    static FeatureLabels all() {
        return new FeatureLabels(label -> true, false);
    }

    /** Only those of some labels, with their records. */
    static FeatureLabels of(Set<String> labels) {
        return new FeatureLabels(labels::contains, true);
    }

    /** Only those that would be the same prompt as a label, with their records. */
    static FeatureLabels samePromptAs(String label) {
        String key = SamePrompt.key(label);
        Map<String, Boolean> answers = new HashMap<>();
        return new FeatureLabels(other -> answers.computeIfAbsent(other, name -> SamePrompt.key(name).equals(key)), true);
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        lastTimestamp = record.timestamp();
        if (!ImageIds.hasKey(record)) {
            return;
        }
        String id = ImageIds.of(record);
        try {
            if (ClassState.isIn(record)) {
                ClassState state = ClassState.decode(record);
                states.put(state.name(), state);
                return;
            }
            if (record.value() == null) {
                byId.remove(id);
                return;
            }
            ImageFeature feature = ImageFeature.decode(record);
            String label = feature.label();
            byId.remove(id); // so that it stands last
            if (isWanted.test(label)) {
                byId.put(id, new Image(known.computeIfAbsent(label, same -> same), feature.split(), keepsRecords ? record : null));
            }
        } catch (InvalidRecordException e) {
            return; // the services that read it say so
        }
    }

    /** How many images have each label, in the order of labels. */
    Map<String, Long> images() {
        Map<String, Long> images = new TreeMap<>();
        byId.values().forEach(image -> images.merge(image.label(), 1L, Long::sum));
        return images;
    }

    /** The same, by split. */
    Map<String, Map<Split, Long>> bySplit() {
        return byId.values().stream().collect(Collectors.groupingBy(Image::label, TreeMap::new,
                Collectors.groupingBy(Image::split, () -> new EnumMap<>(Split.class), Collectors.counting())));
    }

    /** The classes of which something is said, whether or not an image has their label. */
    Map<String, ClassState> states() {
        states.values().removeIf(ClassState::isPlain);
        return Collections.unmodifiableMap(states);
    }

    /** What is said of a class. */
    ClassState state(String label) {
        return states.getOrDefault(label, ClassState.plain(label));
    }

    /** The last records of the images that have another label, in the topic's order. */
    Collection<ConsumerRecord<byte[], byte[]>> recordsNotOf(String label) {
        return byId.values().stream().filter(image -> !image.label().equals(label)).map(Image::record).toList();
    }

    /** The broker's time of the last record that was taken, epoch milliseconds. */
    long lastTimestamp() {
        return lastTimestamp;
    }
}
