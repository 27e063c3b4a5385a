package dev.promptgate.follower;

import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Keeps the live prompt of a name at hand: reads its topic's committed records from the beginning, without a group, and goes on reading. A
 * record that cannot be trusted or used is counted, logged and passed over; the prompt in force stays, also while Kafka is away.
 *
 * <p>Reads and tells its listeners on a daemon thread of its own, named after the prompt. Any thread may ask. Whoever starts it closes it.
 */
public final class PromptFollower extends TopicFollower<LivePrompt> {
    public PromptFollower(PromptSource source) {
        super(source.clients(), source.topic(), source.kind().wireName(), source.prompt(),
                new PromptReader(source.prompt(), source.kind(), source.verifier(), source.check()));
    }

    @Override
    long version(LivePrompt inForce) {
        return inForce.version();
    }

    /** Has a listener told of every change from now on. */
    public PromptFollower onChange(PromptListener listener) {
        listen(listener::onPrompt, listener::onRefused);
        return this;
    }

    /**
     * Before the start: has the metrics of Kafka's consumer shown, such as by Micrometer's KafkaClientMetrics. What the function gives is
     * run when the consumer is closed.
     */
    public PromptFollower showsMetrics(Function<KafkaConsumer<byte[], byte[]>, Runnable> bind) {
        bind(bind);
        return this;
    }

    /** Begins to read, once; Kafka and the topic may be away. Throws KafkaException if the clients' properties cannot be used. */
    public PromptFollower start() {
        open();
        return this;
    }

    /** Is told what a {@link PromptFollower} finds, on the follower's thread: as long as a method runs nothing further is read. */
    @FunctionalInterface
    public interface PromptListener {
        /**
         * Another prompt is in force; called for the first time when what was in the topic at the start has been read. Of changes that come
         * close upon each other, or while the method runs, it may see the last one only.
         */
        void onPrompt(LivePrompt live);

        /** A record was refused, and is in the log; the prompt in force stays. */
        default void onRefused(RefusedPromptException why) {}
    }
}
