package dev.promptgate.simulation;

import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.Split;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What records of image-features, in their order, say of images and classes: the last word on each counts. */
final class FeatureLedger {
    private final Map<String, ImageFeature> images = new HashMap<>();
    private final Map<String, ClassState> classes = new HashMap<>();

    FeatureLedger(List<ConsumerRecord<byte[], byte[]>> records) {
        records.forEach(this::take);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (ClassState.isIn(record)) {
                ClassState state = ClassState.decode(record);
                classes.put(state.name(), state);
            } else if (record.value() == null) {
                images.remove(new String(record.key(), StandardCharsets.UTF_8));
            } else {
                ImageFeature image = ImageFeature.decode(record);
                images.put(image.imageId(), image);
            }
        } catch (InvalidRecordException e) {
            // passed over
        }
    }

    /** The images of classes that are not retired. */
    Stream<ImageFeature> judgingOrTraining() {
        return images.values().stream().filter(image -> !isRetired(image.label()));
    }

    /** Training images by class, in the order of names, of those that have enough. */
    Map<String, Integer> shots(int least) {
        Map<String, Integer> shots = new TreeMap<>();
        judgingOrTraining().filter(image -> image.split() == Split.TRAIN).forEach(image -> shots.merge(image.label(), 1, Integer::sum));
        shots.values().removeIf(count -> count < least);
        return shots;
    }

    private boolean isRetired(String label) {
        return classes.containsKey(label) && classes.get(label).isRetired();
    }

    /** Those of classes that are not retired. */
    Map<String, String> descriptions() {
        Map<String, String> descriptions = new TreeMap<>();
        classes.forEach((name, state) -> state.description().filter(text -> !state.isRetired())
                .ifPresent(text -> descriptions.put(name, text)));
        return descriptions;
    }
}
