package dev.promptgate.cli.trace;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.InvalidRecordException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record of image-features with the id that is traced; no feature if the image was deleted by it or it cannot be read. From the offset of
 * the id's next record on this one no longer counts.
 */
record FeatureRecord(ConsumerRecord<byte[], byte[]> record, Optional<ImageFeature> feature, long replacedAt) {
    static FeatureRecord of(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new FeatureRecord(record, record.value() == null ? Optional.empty() : Optional.of(ImageFeature.decode(record)),
                    Long.MAX_VALUE);
        } catch (InvalidRecordException e) {
            return new FeatureRecord(record, Optional.empty(), Long.MAX_VALUE);
        }
    }

    FeatureRecord replacedBy(FeatureRecord next) {
        return new FeatureRecord(record, feature, next.record().offset());
    }

    /** Whether it counted for whoever had read the records before the horizon. */
    boolean countsAt(long horizon) {
        return record.offset() < horizon && horizon <= replacedAt;
    }
}
