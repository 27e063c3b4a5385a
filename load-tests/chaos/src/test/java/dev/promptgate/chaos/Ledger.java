package dev.promptgate.chaos;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.record.SourcePosition;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Accounts for every record of labelled-images: under read-committed each must have led to one feature or to one rejection, not to none and
 * not to two.
 *
 * @param pushed records in labelled-images
 * @param features feature records
 * @param rejected rejected records
 * @param missing records that led to nothing
 * @param twice records that led to more than one
 * @param ids distinct image ids in image-features, by their last record
 */
record Ledger(int pushed, int features, int rejected, int missing, int twice, Map<String, ImageFeature> ids) {
    static Ledger of(Stream stream) {
        Map<SourcePosition, Integer> outcomes = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : stream.read(stream.topics().labelledImages())) {
            outcomes.put(new SourcePosition(record.partition(), record.offset()), 0);
        }
        int pushed = outcomes.size();
        Map<String, ImageFeature> ids = new LinkedHashMap<>();
        int features = 0;
        for (ConsumerRecord<byte[], byte[]> record : stream.read(stream.topics().imageFeatures())) {
            try {
                ImageFeature feature = ImageFeature.decode(record);
                outcomes.merge(feature.source(), 1, Integer::sum);
                ids.put(feature.imageId(), feature);
                features++;
            } catch (InvalidRecordException e) {
                throw new IllegalStateException(e);
            }
        }
        int rejected = 0;
        for (ConsumerRecord<byte[], byte[]> record : stream.read(stream.topics().rejectedImages())) {
            outcomes.merge(RejectedImage.decode(record).orElseThrow().source(), 1, Integer::sum);
            rejected++;
        }
        return new Ledger(pushed, features, rejected, (int) outcomes.values().stream().filter(n -> n == 0).count(),
                (int) outcomes.values().stream().filter(n -> n > 1).count(), ids);
    }

    boolean isBalanced() {
        return missing == 0 && twice == 0 && pushed == features + rejected;
    }

    @Override
    public String toString() {
        return "%d records pushed = %d features + %d rejected; %d lost, %d twice; %d image ids".formatted(pushed, features, rejected,
                missing, twice, ids.size());
    }
}
