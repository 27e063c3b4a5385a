package dev.promptgate.cli.erase;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The images that are to be erased, by id or by label, and which of them image-features holds, each where its last record puts it. An id
 * that is named is erased even if nothing is there yet: its image may be on its way. Not thread-safe.
 */
final class ErasedSet {
    /** An image that is there; a feature that cannot be read has neither label nor split. */
    private record Image(String label, String split) {}

    private final Set<String> named;
    private final Optional<String> label;
    private final Map<String, Image> present = new TreeMap<>();
    private long lastTimestamp;

    ErasedSet(Collection<String> ids, Optional<String> label) {
        named = new LinkedHashSet<>(ids);
        this.label = label;
    }

    /** The next record of image-features. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        lastTimestamp = record.timestamp();
        if (!ImageIds.hasKey(record)) {
            return;
        }
        String id = ImageIds.of(record);
        present.remove(id);
        if (record.value() == null) {
            return;
        }
        Image image = read(record);
        if (named.contains(id) || label.filter(image.label()::equals).isPresent()) {
            present.put(id, image);
        }
    }

    private static Image read(ConsumerRecord<byte[], byte[]> record) {
        try {
            ImageFeature feature = ImageFeature.decode(record);
            return new Image(feature.label(), feature.split().wireName());
        } catch (InvalidRecordException e) {
            return new Image("", ""); // it stands there nonetheless
        }
    }

    /** All ids to erase: those that are there first. */
    Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>(present.keySet());
        ids.addAll(named);
        return ids;
    }

    /** Those that are there now. */
    Set<String> present() {
        return Set.copyOf(present.keySet());
    }

    /** Named ids of which nothing is there. */
    Set<String> absent() {
        Set<String> absent = new TreeSet<>(named);
        absent.removeAll(present.keySet());
        return absent;
    }

    /** How many of those that are there have each label, in its order. */
    Map<String, Long> byLabel() {
        return count(Image::label);
    }

    Map<String, Long> bySplit() {
        return count(Image::split);
    }

    private Map<String, Long> count(Function<Image, String> by) {
        return present.values().stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }

    /** The broker's time of the last record that was taken, epoch milliseconds. */
    long lastTimestamp() {
        return lastTimestamp;
    }
}
