package dev.promptgate.follower;

import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.messaging.client.KafkaClients;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
 * Keeps what a topic says to be in force at hand: reads its committed records from the beginning, without a group, and goes on reading. A
 * record that cannot be trusted or used is counted, logged and passed over; what is in force stays, also while Kafka is away.
 *
 * <p>Reads and tells its listeners on a daemon thread of its own. Any thread may ask. Whoever starts it closes it.
 *
 * @param <T> what is in force
 */
abstract class TopicFollower<T> implements AutoCloseable {
    /** From the records of a topic, in their order and from its beginning, to what is in force. Not thread-safe. */
    interface Reader<T> {
        /** Takes the next record, of this prompt or another; what is refused changes nothing. */
        boolean take(ConsumerRecord<byte[], byte[]> record) throws RefusedPromptException;

        /** No transaction is under way and all records are read: throws if something is missing. */
        default void atEnd() throws RefusedPromptException {}

        T live();
    }

    private record Listener<T>(Consumer<T> onChange, Consumer<RefusedPromptException> onRefused) {}

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long CLOSE_LIMIT_MILLIS = 10_000;

    private final KafkaClients clients;
    private final String prompt;
    private final TopicPartition partition;
    private final Reader<T> reader;
    private final List<Listener<T>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Refusal, Long> refusals = new ConcurrentHashMap<>();
    private final CompletableFuture<T> ready = new CompletableFuture<>();
    private final Thread thread;
    private Function<KafkaConsumer<byte[], byte[]>, Runnable> metrics = made -> () -> {};
    private Runnable closeMetrics;
    private volatile KafkaConsumer<byte[], byte[]> consumer;
    private volatile T live;
    private volatile boolean closed;
    private volatile long turnNanos;
    private String complaint = "";

    /** @param kind names the thread, with the prompt */
    TopicFollower(KafkaClients clients, String topic, String kind, String prompt, Reader<T> reader) {
        this.clients = clients;
        this.prompt = prompt;
        this.reader = reader;
        partition = new TopicPartition(topic, 0);
        live = reader.live();
        thread = new Thread(this::run, "promptgate-follow-%s-%s".formatted(kind, prompt));
        thread.setDaemon(true);
    }

    /** The version of what is in force; 0 is the hand-written prompt. */
    abstract long version(T inForce);

    final void listen(Consumer<T> onChange, Consumer<RefusedPromptException> onRefused) {
        listeners.add(new Listener<>(onChange, onRefused));
    }

    final void bind(Function<KafkaConsumer<byte[], byte[]>, Runnable> binder) {
        metrics = binder;
    }

    final void open() {
        turnNanos = System.nanoTime();
        consumer = new KafkaConsumer<>(new HashMap<>(clients.consumer()));
        closeMetrics = metrics.apply(consumer);
        thread.start();
    }

    /** What is in force as far as it has been read; before, that nothing was ever rolled out. */
    public final T live() {
        return live;
    }

    /** Completes with what is in force when everything that was in the topic at the start has been read; fails with {@link #close}. */
    public final CompletableFuture<T> ready() {
        return ready.copy();
    }

    /**
     * For how many milliseconds it has got no further, by which one sees that a listener hangs or that the thread has died; without
     * records, or with Kafka away, it gets further all the same. Empty before the start and when it is closed.
     */
    public final OptionalLong stillMillis() {
        return consumer == null || closed ? OptionalLong.empty()
                : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - turnNanos));
    }

    /** How many records were refused, by reason. */
    public final Map<Refusal, Long> refusals() {
        return refusals.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(refusals));
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> open = consumer) {
            open.assign(List.of(partition));
            open.seekToBeginning(List.of(partition));
            long end = -1;
            while (!closed) {
                turnNanos = System.nanoTime();
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
        T before = reader.live();
        for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
            try {
                reader.take(record);
            } catch (RefusedPromptException e) {
                refused(e);
            }
        }
        if (open.currentLag(partition).orElse(1) == 0) {
            try {
                reader.atEnd();
            } catch (RefusedPromptException e) {
                refused(e);
            }
        }
        live = reader.live();
        boolean first = !ready.isDone();
        if (first && open.position(partition) < end) {
            return;
        }
        if (first) {
            LOG.info("Follows {}, caught up [prompt: {}, version: {}]", partition.topic(), prompt, version(live));
        }
        if (first || live != before) {
            tell(listener -> listener.onChange().accept(live));
        }
        ready.complete(live);
    }

    private void refused(RefusedPromptException e) {
        refusals.merge(e.refusal(), 1L, Long::sum);
        LOG.warn("Refused, the prompt in force stays: {} [prompt: {}, in force: {}]", e.getMessage(), prompt, version(reader.live()));
        tell(listener -> listener.onRefused().accept(e));
    }

    private void tell(Consumer<Listener<T>> what) {
        for (Listener<T> listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("A listener failed [prompt: {}, version: {}]", prompt, version(live), e);
            }
        }
    }

    private void complain(KafkaException e) {
        if (!e.toString().equals(complaint)) { // once, not at every attempt
            complaint = e.toString();
            LOG.warn("The prompt cannot be followed for now; goes on by itself [topic: {}, prompt: {}, cause: {}]", partition.topic(),
                    prompt, complaint);
        }
    }

    private void recovered() {
        if (!complaint.isEmpty()) {
            complaint = "";
            LOG.info("The prompt can be followed again [topic: {}, prompt: {}]", partition.topic(), prompt);
        }
    }

    /** Ends the thread and waits for it, unless a listener calls. */
    @Override
    public final void close() {
        closed = true;
        ready.completeExceptionally(new IllegalStateException("The follower is closed [prompt: " + prompt + "]"));
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
}
