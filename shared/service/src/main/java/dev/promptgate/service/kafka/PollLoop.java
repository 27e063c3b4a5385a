package dev.promptgate.service.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Polls, hands the records over, and polls again when they are dealt with: a loop of composed futures on the verticle's context. While
 * the handler works no poll is under way, so it may use {@code consumer.unwrap()} for whatever does not block. Start and stop it on that
 * context. While it runs, what Kafka's client measures of itself is among the meters.
 */
public final class PollLoop {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration timeout;
    private final Function<ConsumerRecords<byte[], byte[]>, Future<Void>> handler;
    private final Consumer<Throwable> onFailure;
    private final MeterRegistry registry;
    private final Promise<Void> ended = Promise.promise();
    private boolean stopping;
    private boolean started;
    private KafkaClientMetrics clientMeters;

    /**
     * @param timeout how long a poll waits for records
     * @param handler gets the records, maybe none; the next poll starts when its future completes
     * @param onFailure told once when a poll or the handler fails: the loop has ended then
     * @param registry where the client's meters go
     */
    public PollLoop(KafkaConsumer<byte[], byte[]> consumer, Duration timeout,
            Function<ConsumerRecords<byte[], byte[]>, Future<Void>> handler,
            Consumer<Throwable> onFailure, MeterRegistry registry) {
        this.consumer = consumer;
        this.timeout = timeout;
        this.handler = handler;
        this.onFailure = onFailure;
        this.registry = registry;
    }

    public void start() {
        started = true;
        clientMeters = new KafkaClientMetrics(consumer.unwrap());
        clientMeters.bindTo(registry);
        ended.future().onComplete(done -> clientMeters.close());
        turn();
    }

    private void turn() {
        if (stopping) {
            ended.complete();
            return;
        }
        consumer.poll(timeout).compose(records -> handler.apply(records.records())).onComplete(result -> {
            if (result.succeeded()) {
                turn();
            } else {
                boolean expected = stopping;
                stopping = true;
                ended.complete();
                if (!expected) {
                    onFailure.accept(result.cause());
                }
            }
        });
    }

    /** Ends the loop after the records in hand. */
    public Future<Void> stop() {
        stopping = true;
        return started ? ended.future() : Future.succeededFuture();
    }
}
