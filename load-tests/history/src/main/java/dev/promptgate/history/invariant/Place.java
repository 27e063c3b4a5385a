package dev.promptgate.history.invariant;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a record stands. */
public record Place(String topic, int partition, long offset) {
    public static Place of(ConsumerRecord<byte[], byte[]> record) {
        return new Place(record.topic(), record.partition(), record.offset());
    }

    @Override
    public String toString() {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }
}
