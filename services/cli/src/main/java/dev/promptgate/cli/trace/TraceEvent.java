package dev.promptgate.cli.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Something that happened to an image, and the record that tells of it.
 *
 * @param time the record's, epoch milliseconds: of labelled and rejected images the sender's clock, else mostly the broker's
 * @param what in words, one line
 * @param details the same for programs
 */
record TraceEvent(long time, TraceStage stage, String topic, int partition, long offset, String what, Map<String, Object> details) {
    static TraceEvent of(TraceStage stage, ConsumerRecord<byte[], byte[]> record, String what, Map<String, Object> details) {
        return new TraceEvent(record.timestamp(), stage, record.topic(), record.partition(), record.offset(), what, details);
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
