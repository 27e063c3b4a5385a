package dev.promptgate.console.image;

import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.SourcePosition;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which records must not be shown any more, since their image was erased; what was sent under the same id later may be. Told by the records
 * of image-features without a value, which that topic keeps for longer than labelled-images keeps the images. Thread-safe.
 */
public final class ErasedImages {
    /** The record that asked for it, and when it was done by the broker's clock, epoch milliseconds. */
    private record Erasure(Optional<SourcePosition> asked, long time) {}

    private final Map<String, Erasure> byId = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    /** The next record of image-features. */
    public void take(ConsumerRecord<byte[], byte[]> feature) {
        if (feature.value() == null && ImageIds.hasKey(feature)) {
            byId.put(ImageIds.of(feature), new Erasure(ImageErasure.sourceOf(feature), feature.timestamp()));
            count.incrementAndGet();
        }
    }

    /** Whether a record with an image was sent before its id was erased: by its place, and in another partition or topic by its time. */
    boolean covers(ConsumerRecord<byte[], byte[]> image, boolean isLabelled) {
        Erasure erasure = byId.get(ImageIds.of(image));
        if (erasure == null) {
            return false;
        }
        Optional<SourcePosition> asked = erasure.asked().filter(place -> isLabelled && place.partition() == image.partition());
        return asked.map(place -> image.offset() < place.offset()).orElse(image.timestamp() <= erasure.time());
    }

    /** How many erasures came; whoever kept an image looks again when it has changed. */
    long count() {
        return count.get();
    }
}
