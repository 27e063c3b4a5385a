package dev.promptgate.load.plan;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One record of a load.
 *
 * @param number in the schedule, from 0
 * @param origin the number whose image this is: an earlier one if it is a duplicate
 * @param id the record's key
 * @param label null sends none
 * @param split null leaves the split to the hash of the id
 * @param partition null leaves it to Kafka's partitioner
 */
public record PlannedImage(long number, long origin, String id, String label, String split, Integer partition, byte[] bytes) {
    /**
     * @param due when it should be sent, epoch milliseconds: its time of production, whenever it really goes out
     */
    public ProducerRecord<byte[], byte[]> encode(String topic, long due) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, due, id.getBytes(StandardCharsets.UTF_8), bytes);
        if (label != null) {
            record.headers().add("label", label.getBytes(StandardCharsets.UTF_8));
        }
        if (split != null) {
            record.headers().add("split", split.getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }
}
