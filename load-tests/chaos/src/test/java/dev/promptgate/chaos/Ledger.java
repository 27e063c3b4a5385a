package dev.promptgate.chaos;

import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.record.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Accounts for every record of labelled-images: under read-committed each must have led to one feature, to one rejection or, if it erases,
 * to one null value, not to none and not to two. A feature with another label than was sent is no outcome: its class was renamed later.
 *
 * @param pushed records in labelled-images
 * @param features feature records
 * @param erased null values of image-features
 * @param rejected rejected records
 * @param missing records that led to nothing
 * @param twice records that led to more than one
 * @param ids distinct image ids in image-features, by their last record
 */
public record Ledger(int pushed, int features, int erased, int rejected, int missing, int twice, Map<String, ImageFeature> ids) {
    public static Ledger of(Stream stream) {
        Map<SourcePosition, Integer> outcomes = new HashMap<>();
        Map<SourcePosition, String> labels = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : stream.read(stream.topics().labelledImages())) {
            SourcePosition source = new SourcePosition(record.partition(), record.offset());
            outcomes.put(source, 0);
            Header label = record.headers().lastHeader("label");
            labels.put(source, label == null ? "" : new String(label.value(), StandardCharsets.UTF_8));
        }
        int pushed = outcomes.size();
        Map<String, ImageFeature> ids = new LinkedHashMap<>();
        int features = 0;
        int erased = 0;
        for (ConsumerRecord<byte[], byte[]> record : stream.read(stream.topics().imageFeatures())) {
            if (record.value() == null) {
                outcomes.merge(ImageErasure.sourceOf(record).orElseThrow(), 1, Integer::sum);
                ids.remove(ImageIds.of(record));
                erased++;
                continue;
            }
            ImageFeature feature = decode(record);
            ids.put(feature.imageId(), feature);
            if (feature.label().equals(labels.get(feature.source()))) {
                outcomes.merge(feature.source(), 1, Integer::sum);
                features++;
            }
        }
        int rejected = 0;
        for (ConsumerRecord<byte[], byte[]> record : stream.read(stream.topics().rejectedImages())) {
            outcomes.merge(RejectedImage.decode(record).orElseThrow().source(), 1, Integer::sum);
            rejected++;
        }
        return new Ledger(pushed, features, erased, rejected, (int) outcomes.values().stream().filter(n -> n == 0).count(),
                (int) outcomes.values().stream().filter(n -> n > 1).count(), ids);
    }

    private static ImageFeature decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return ImageFeature.decode(record);
        } catch (InvalidRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    public boolean isBalanced() {
        return missing == 0 && twice == 0 && pushed == features + erased + rejected;
    }

    @Override
    public String toString() {
        return "%d records pushed = %d features + %s%d rejected; %d lost, %d twice; %d image ids".formatted(pushed, features,
                erased == 0 ? "" : erased + " erased + ", rejected, missing, twice, ids.size());
    }
}
