package dev.promptgate.messaging.transaction;

import java.util.Collection;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where records go together with a checkpoint: all or nothing. */
@FunctionalInterface
public interface RecordSink {
    /**
     * Returns once everything is written.
     *
     * @param checkpoint must differ from the one before
     */
    void write(Collection<ProducerRecord<byte[], byte[]>> records, OffsetAndMetadata checkpoint);
}
