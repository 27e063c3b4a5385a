package dev.promptgate.learner;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many feature records wait while an update runs: then nothing is polled, and the consumer knows no more than what was there before.
 * On the verticle's context.
 */
final class Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
    private static final long PERIOD_MILLIS = 1_000;

    private final Vertx vertx;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private Future<Void> asking = Future.succeededFuture();

    Backlog(Vertx vertx, KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        this.vertx = vertx;
        this.consumer = consumer;
        this.partition = partition;
    }

    /**
     * Asks again and again for the topic's end while something else runs.
     *
     * @param work must not use the consumer
     * @param end told the offset behind the topic's last record
     * @return the work's outcome, once the consumer is free again
     */
    <T> Future<T> watch(Future<T> work, LongConsumer end) {
        long timer = vertx.setPeriodic(PERIOD_MILLIS, id -> {
            if (asking.isComplete()) {
                asking = ask().onSuccess(end::accept).mapEmpty();
            }
        });
        return work.eventually(() -> {
            vertx.cancelTimer(timer);
            return asking.otherwiseEmpty();
        });
    }

    private Future<Long> ask() {
        return vertx.executeBlocking(() -> consumer.unwrap().endOffsets(Set.of(partition)).get(partition), false)
                .onFailure(e -> LOG.debug("How many features wait is not known just now [cause: {}]",
                        e instanceof KafkaException ? e.getMessage() : e.toString()));
    }
}
