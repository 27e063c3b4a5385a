package dev.promptgate.cli.trace;

import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.WireName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Something that happened to an image, in words and for programs, and the record that tells of it with its time, epoch milliseconds: of
 * labelled and rejected images the sender's clock, else mostly the broker's.
 */
record TraceEvent(long time, Stage stage, String topic, int partition, long offset, String what, Map<String, Object> details) {
    /** What can happen to an image, in the order in which it does. */
    enum Stage implements WireName {
        RECEIVED,
        /** The record could not be used. */
        REJECTED,
        ENCODED,
        /** A feature record without a value: the image was erased. */
        DELETED,
        /** A candidate was learned with it to choose from. */
        TRAINED,
        /** It counted among the images that a prompt was judged on. */
        JUDGED_BY,
        /** The gate's word on a candidate that it was there to train. */
        VERDICT,
        /** A prompt that it was there to train is in prompt-rollouts. */
        LIVE,
        /** Such a prompt was taken back. */
        ROLLED_BACK
    }

    static final String REFERENCE = "reference";

    private static final String SHA_256 = "sha256";
    private static final int MAX_REFERENCE = 300;

    static TraceEvent of(Stage stage, ConsumerRecord<byte[], byte[]> record, String what, Map<String, Object> details) {
        return new TraceEvent(record.timestamp(), stage, record.topic(), record.partition(), record.offset(), what, details);
    }

    /** A record of labelled-images with the id that is traced; its bytes are not kept, nor are images fetched that it refers to. */
    static TraceEvent received(ConsumerRecord<byte[], byte[]> record) {
        Map<String, Object> details = new LinkedHashMap<>();
        int bytes = record.value() == null ? 0 : record.value().length;
        details.put("bytes", bytes);
        details.put(SHA_256, record.value() == null ? "" : ImageIds.sha256(record.value()));
        details.put("keyed", ImageIds.hasKey(record));
        if (ImageErasure.isIn(record)) {
            return of(Stage.RECEIVED, record, "erases the image: a record without a value", details);
        }
        String size = "%d bytes%s".formatted(bytes, ImageIds.hasKey(record) ? "" : ", without a key: its id is the SHA-256 of its bytes");
        String what;
        try {
            LabelledImage image = LabelledImage.decode(record);
            details.put("label", image.label());
            details.put("split", image.split().wireName());
            image.reference().ifPresent(reference -> details.put(REFERENCE, reference.shown()));
            what = "label \"%s\", split %s, %s%s".formatted(Quoted.of(image.label()), image.split().wireName(), size,
                    keptAt(image.reference().map(ImageReference::shown)));
        } catch (InvalidRecordException e) {
            details.put("code", e.code().wireName());
            what = "unusable (%s), %s".formatted(e.code().wireName(), size);
        }
        return of(Stage.RECEIVED, record, what, details);
    }

    /** Ends the words about an image that is kept elsewhere; empty for others. */
    static String keptAt(Optional<String> reference) {
        return reference.map(where -> ", kept at " + Quoted.of(where, MAX_REFERENCE)).orElse("");
    }

    /** Of an image that was received, the digest of its bytes; empty for a record without a value. */
    String digest() {
        return (String) details.get(SHA_256);
    }

    /** Keys and their values in turn, which keep their order. */
    static Map<String, Object> details(Object... keysAndValues) {
        Map<String, Object> details = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            details.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return details;
    }

    /**
     * With another record's time if that is later: of two records of one transaction one may have the sender's clock, the other the
     * broker's.
     */
    TraceEvent notBefore(long other) {
        return new TraceEvent(Math.max(time, other), stage, topic, partition, offset, what, details);
    }

    /** Topic, partition and offset as Kafka's tools write them. */
    String position() {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }
}
