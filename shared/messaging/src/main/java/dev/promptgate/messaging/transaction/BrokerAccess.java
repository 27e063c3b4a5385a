package dev.promptgate.messaging.transaction;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** What writers of transactions ask of the brokers, and the time that passes meanwhile. */
public interface BrokerAccess extends AutoCloseable {
    /** A new producer, not initialized yet; the caller closes it. */
    Producer<byte[], byte[]> producer(String transactionalId, Duration timeout);

    /** What a group has committed of a partition, once no transaction is open that would commit for it. */
    Optional<OffsetAndMetadata> committed(String group, TopicPartition partition) throws ExecutionException, InterruptedException;

    /** The offset behind the last record of a partition that readers of committed records see. */
    long end(TopicPartition partition) throws ExecutionException, InterruptedException;

    /** Has the log say if the brokers end transactions less safely than brokers can. */
    default void warnIfUnsafe() {}

    /** Of a clock that is not set. */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** Waits before brokers that did not answer are asked again. */
    default void pause(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    @Override
    default void close() {}
}
