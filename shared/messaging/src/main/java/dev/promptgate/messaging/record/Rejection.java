package dev.promptgate.messaging.record;

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
}
