package dev.promptgate.messaging.record;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a record of {@code rejected-images} says of its {@link Rejection}; a newer encoder may write a code that is not in
 * {@link RejectionCode}.
 */
public record RejectedImage(String code, String message, String sourceTopic, SourcePosition source) {
    /** Empty if the record lacks a header, so that no encoder wrote it. */
    public static Optional<RejectedImage> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(new RejectedImage(header(record, RecordHeaders.ERROR_CODE), header(record, RecordHeaders.ERROR_MESSAGE),
                    header(record, RecordHeaders.SOURCE_TOPIC),
                    new SourcePosition(Integer.parseInt(header(record, RecordHeaders.SOURCE_PARTITION)),
                            Long.parseLong(header(record, RecordHeaders.SOURCE_OFFSET)))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        byte[] bytes = RecordHeaders.bytes(record.headers(), name);
        if (bytes == null) {
            throw new IllegalArgumentException(name);
        }
        return Quoted.of(new String(bytes, StandardCharsets.UTF_8), Rejection.MAX_MESSAGE_LENGTH);
    }
}
