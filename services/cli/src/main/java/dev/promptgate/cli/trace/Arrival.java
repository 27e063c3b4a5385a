package dev.promptgate.cli.trace;

import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.InvalidRecordException;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.SourcePosition;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of labelled-images with the id that is traced; its bytes are not kept. */
record Arrival(SourcePosition position, TraceEvent event) {
    static Arrival of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, Object> details = new LinkedHashMap<>();
        int bytes = record.value() == null ? 0 : record.value().length;
        details.put("bytes", bytes);
        details.put("keyed", ImageIds.hasKey(record));
        String size = "%d bytes%s".formatted(bytes, ImageIds.hasKey(record) ? "" : ", without a key: its id is the SHA-256 of its bytes");
        String what;
        try {
            LabelledImage image = LabelledImage.decode(record);
            details.put("label", image.label());
            details.put("split", image.split().wireName());
            what = "label \"%s\", split %s, %s".formatted(Quoted.of(image.label()), image.split().wireName(), size);
        } catch (InvalidRecordException e) {
            details.put("code", e.code().wireName());
            what = "unusable (%s), %s".formatted(e.code().wireName(), size);
        }
        return new Arrival(new SourcePosition(record.partition(), record.offset()),
                TraceEvent.of(TraceStage.RECEIVED, record, what, details));
    }
}
