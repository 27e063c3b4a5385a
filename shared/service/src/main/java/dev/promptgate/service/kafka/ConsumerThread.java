package dev.promptgate.service.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.KafkaClientOptions;
import io.vertx.kafka.client.consumer.impl.KafkaConsumerImpl;
import io.vertx.kafka.client.consumer.impl.KafkaReadStreamImpl;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Vert.x's Kafka consumer with a door to its one thread, for lag, group metadata and leaving a group. Thread-safe. */
final class ConsumerThread extends KafkaReadStreamImpl<byte[], byte[]> {
    /** Closes the consumer with the verticle, should that fail to start. */
    private final KafkaConsumerImpl<byte[], byte[]> deployed = new KafkaConsumerImpl<>(this).registerCloseHook();
    private boolean closed;

    ConsumerThread(Vertx vertx, Map<String, String> config) {
        super(vertx, new KafkaConsumer<>(new HashMap<>(config)), new KafkaClientOptions());
    }

    /** What the question comes to on the consumer's thread, once it is free; the future completes on the context. */
    synchronized <T> Future<T> ask(Function<Consumer<byte[], byte[]>, T> question) {
        return closed ? refused() : submitTask2((consumer, answer) -> {
            try {
                answer.complete(question.apply(consumer));
            } catch (Throwable e) { // Vert.x lets an Error vanish, and whoever asked would wait for ever
                answer.tryFail(e);
            }
        });
    }

    @Override
    public synchronized Future<Void> subscribe(Set<String> topics) {
        return closed ? refused() : super.subscribe(topics);
    }

    /** Vert.x would start another thread. */
    private static <T> Future<T> refused() {
        return Future.failedFuture(new IllegalStateException("The consumer is closed"));
    }

    /** The same for what comes to nothing. */
    Future<Void> tell(java.util.function.Consumer<Consumer<byte[], byte[]>> order) {
        return ask(consumer -> {
            order.accept(consumer);
            return null;
        });
    }

    /** Takes what it was asked before to its end, leaves the group and ends the thread. */
    synchronized Future<Void> leave() {
        // A member with a name of its own would stay in the group otherwise, its partitions idle until the session times out.
        Future<Void> left = tell(
                consumer -> consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)));
        closed = true;
        return left.eventually(deployed::close);
    }
}
