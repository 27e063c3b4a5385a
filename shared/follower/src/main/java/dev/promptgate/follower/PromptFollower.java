package dev.promptgate.follower;

import dev.promptgate.follower.RefusedPromptException.Refusal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the live prompt of a name at hand: reads its topic's committed records from the beginning, without a group, and goes on reading. A
 * record that cannot be trusted or used is counted, logged and passed over; the prompt in force stays, also while Kafka is away.
 *
 * <p>Reads and tells its listeners on a daemon thread of its own, named after the prompt. Any thread may ask. Whoever starts it closes it.
 */
public final class PromptFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PromptFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long CLOSE_LIMIT_MILLIS = 10_000;

    private final PromptSource source;
    private final TopicPartition partition;
    private final PromptReader reader;
    private final List<PromptListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<Refusal, Long> refusals = new ConcurrentHashMap<>();
    private final CompletableFuture<LivePrompt> ready = new CompletableFuture<>();
    private final Thread thread;
    private Function<KafkaConsumer<byte[], byte[]>, Runnable> metrics = made -> () -> {};
    private Runnable closeMetrics;
    private KafkaConsumer<byte[], byte[]> consumer;
    private volatile LivePrompt live;
    private volatile boolean closed;
    private String complaint = "";

    public PromptFollower(PromptSource source) {
        this.source = source;
        partition = new TopicPartition(source.topic(), 0);
        reader = new PromptReader(source.prompt(), source.kind(), source.verifier(), source.check());
        live = reader.live();
        thread = new Thread(this::run, "promptgate-follow-%s-%s".formatted(source.kind().wireName(), source.prompt()));
        thread.setDaemon(true);
    }

    /** Has a listener told of every change from now on. */
    public PromptFollower onChange(PromptListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Before the start: has the metrics of Kafka's consumer shown, such as by Micrometer's KafkaClientMetrics. What the function gives is
     * run when the consumer is closed.
     */
    public PromptFollower showsMetrics(Function<KafkaConsumer<byte[], byte[]>, Runnable> bind) {
        metrics = bind;
        return this;
    }

    /** Begins to read, once; Kafka and the topic may be away. Throws KafkaException if the clients' properties cannot be used. */
    public PromptFollower start() {
        consumer = new KafkaConsumer<>(new HashMap<>(source.clients().consumer()));
        closeMetrics = metrics.apply(consumer);
        thread.start();
        return this;
    }

    /** The prompt in force as far as it has been read; the hand-written one before. */
    public LivePrompt live() {
        return live;
    }

    /** Completes with the live prompt when everything that was in the topic at the start has been read; fails with {@link #close}. */
    public CompletableFuture<LivePrompt> ready() {
        return ready.copy();
    }

    /** How many records were refused, by reason. */
    public Map<Refusal, Long> refusals() {
        return refusals.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(refusals));
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> open = consumer) {
            open.assign(List.of(partition));
            open.seekToBeginning(List.of(partition));
            long end = -1;
            while (!closed) {
                try {
                    end = end < 0 ? open.endOffsets(List.of(partition), END_LIMIT).get(partition) : end;
                    read(open, end);
                    recovered();
                } catch (WakeupException | InterruptException e) {
                    LOG.debug("Woken [closed: {}]", closed);
                } catch (KafkaException e) {
                    complain(e);
                    Thread.sleep(PAUSE.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } finally {
            closeMetrics.run();
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> open, long end) {
        LivePrompt before = reader.live();
        for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
            take(record);
        }
        live = reader.live();
        boolean first = !ready.isDone();
        if (first && open.position(partition) < end) {
            return;
        }
        if (first) {
            LOG.info("Follows {}, caught up [prompt: {}, version: {}]", partition.topic(), source.prompt(), live.version());
        }
        if (first || live != before) {
            tell(listener -> listener.onPrompt(live));
        }
        ready.complete(live);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            reader.take(record);
        } catch (RefusedPromptException e) {
            refusals.merge(e.refusal(), 1L, Long::sum);
            LOG.warn("Refused, the prompt in force stays: {} [prompt: {}, in force: {}]", e.getMessage(), source.prompt(),
                    reader.live().version());
            tell(listener -> listener.onRefused(e));
        }
    }

    private void tell(Consumer<PromptListener> what) {
        for (PromptListener listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("A listener failed [prompt: {}, version: {}]", source.prompt(), live.version(), e);
            }
        }
    }

    private void complain(KafkaException e) {
        if (!e.toString().equals(complaint)) { // once, not at every attempt
            complaint = e.toString();
            LOG.warn("The prompt cannot be followed for now; goes on by itself [topic: {}, prompt: {}, cause: {}]", partition.topic(),
                    source.prompt(), complaint);
        }
    }

    private void recovered() {
        if (!complaint.isEmpty()) {
            complaint = "";
            LOG.info("The prompt can be followed again [topic: {}, prompt: {}]", partition.topic(), source.prompt());
        }
    }

    /** Ends the thread and waits for it, unless a listener calls. */
    @Override
    public void close() {
        closed = true;
        ready.completeExceptionally(new IllegalStateException("The follower is closed [prompt: " + source.prompt() + "]"));
        if (consumer == null) {
            return;
        }
        consumer.wakeup();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_LIMIT_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt(); // in a listener, or in the pause after a failure
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
