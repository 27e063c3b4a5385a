package dev.promptgate.messaging.record;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** A record as it came that could not be used, and why, in one line. */
public record Rejection(ConsumerRecord<byte[], byte[]> source, RejectionCode code, String message) {
    /** More than any message has; what is longer was written by somebody else. */
    static final int MAX_MESSAGE_LENGTH = 500;

    /**
     * The record to produce: key, value and headers as they came, and headers for the reason and the source's coordinates. A value that the
     * topic would not take is left out, and a header gives its size: it is still where the coordinates say.
     *
     * @param maxValueBytes the largest value that the topic takes
     */
    public ProducerRecord<byte[], byte[]> encode(String topic, int maxValueBytes) {
        boolean tooLarge = source.value() != null && source.value().length > maxValueBytes;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, null, source.key(), tooLarge ? null : source.value());
        if (tooLarge) {
            record.headers().add(RecordHeaders.OMITTED_BYTES, RecordHeaders.utf8(Integer.toString(source.value().length)));
        }
        for (Header header : source.headers()) {
            record.headers().add(header);
        }
        record.headers().add(RecordHeaders.ERROR_CODE, RecordHeaders.utf8(code.wireName()))
                .add(RecordHeaders.ERROR_MESSAGE, RecordHeaders.utf8(message))
                .add(RecordHeaders.SOURCE_TOPIC, RecordHeaders.utf8(source.topic()))
                .add(RecordHeaders.SOURCE_PARTITION, RecordHeaders.utf8(Integer.toString(source.partition())))
                .add(RecordHeaders.SOURCE_OFFSET, RecordHeaders.utf8(Long.toString(source.offset())));
        return record;
    }

    /** A record that cannot be used; the message is one line. */
    public static final class InvalidRecordException extends Exception {
        private static final long serialVersionUID = 1L;

        private final RejectionCode code;

        /** @param message what is wrong and what to do */
        public InvalidRecordException(RejectionCode code, String message) {
            super(message);
            this.code = code;
        }

        public RejectionCode code() {
            return code;
        }
    }

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
}
