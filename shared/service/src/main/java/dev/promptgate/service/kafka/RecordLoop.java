package dev.promptgate.service.kafka;

import dev.promptgate.service.host.Activity;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads records for a verticle: polls, hands the records over, and polls again when they are dealt with. It owns the Kafka consumer and the
 * one thread that touches it, and lets nobody else near them.
 *
 * <p>Any thread may call any method. What it asks for is done on the consumer's thread in the order of the calls and never during a poll,
 * so what the handler asks for is done before the next poll, whether it waits for it or not. Futures, handler and callbacks come on the
 * context that created the loop. Whoever creates it closes it. While it runs, what Kafka's client measures of itself is among the meters.
 */
public final class RecordLoop implements PartitionControl {
    /**
     * What a poll brought; of each assigned partition the records behind it, where that is known; and of a group's partitions how many
     * records retention deleted before they were read, where there are some, and those that polls have brought nothing of for long, since
     * it is not known where to read on.
     */
    public record Polled(ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, OptionalLong> lags,
            Map<TopicPartition, Long> lost, Set<TopicPartition> stuck) {
        public Set<TopicPartition> assignment() {
            return lags.keySet();
        }

        /** Records not yet read of the partitions; where it is not known it counts as zero. */
        public long lag(Collection<TopicPartition> partitions) {
            return partitions.stream().mapToLong(partition -> lags.getOrDefault(partition, OptionalLong.empty()).orElse(0)).sum();
        }

        /** Whether the partition is known to be read to its end. */
        public boolean isAtEnd(TopicPartition partition) {
            return lags.getOrDefault(partition, OptionalLong.empty()).orElse(1) == 0;
        }
    }

    /** Where the loop shows what Kafka's client measures, and that it gets further: a turn is a poll and what the handler does with it. */
    public record Observers(MeterRegistry registry, Activity turns) {}

    /** How long committed offsets are waited for, which a transaction may hold, before polls go on. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ConsumerThread thread;
    private final Observers observers;
    private final StuckPartitions stuck = new StuckPartitions();
    private final Promise<Void> ended = Promise.promise();
    private volatile Optional<UnreadRecords> unread = Optional.empty();
    private Future<Void> closing;
    private volatile boolean stopping;
    private volatile boolean started;

    /** Creates the consumer. */
    public RecordLoop(Vertx vertx, Map<String, String> config, Observers observers) {
        thread = new ConsumerThread(vertx, config);
        this.observers = observers;
    }

    /** Joins the group for a topic's partitions; which of them a poll took away is told before the handler gets that poll's records. */
    public Future<Void> subscribe(String topic, Consumer<Set<TopicPartition>> onRevoked) {
        unread = Optional.of(new UnreadRecords());
        thread.partitionsRevokedHandler(onRevoked::accept);
        return thread.subscribe(Set.of(topic));
    }

    /** Reads these partitions, without a group, from these offsets on. */
    public Future<Void> assign(Map<TopicPartition, Long> offsets) {
        return thread.tell(consumer -> {
            consumer.assign(offsets.keySet());
            offsets.forEach(consumer::seek);
        });
    }

    /**
     * Begins to poll.
     *
     * @param timeout how long a poll waits for records
     * @param handler gets the records, maybe none; the next poll begins when its future completes
     * @param onFailure told once when a poll or the handler fails: the loop has ended then
     */
    public void start(Duration timeout, Function<Polled, Future<Void>> handler, Consumer<Throwable> onFailure) {
        started = true;
        KafkaClientMetrics clientMeters = new KafkaClientMetrics(thread.unwrap());
        clientMeters.bindTo(observers.registry());
        ended.future().onComplete(done -> {
            clientMeters.close();
            observers.turns().rests();
        });
        turn(timeout, handler, onFailure);
    }

    private void turn(Duration timeout, Function<Polled, Future<Void>> handler, Consumer<Throwable> onFailure) {
        if (stopping) {
            ended.complete();
            return;
        }
        observers.turns().steps();
        thread.ask(consumer -> {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
            return new Polled(records, ofEach(consumer, consumer::currentLag),
                    unread.map(watch -> watch.lost(consumer, records)).orElse(Map.of()), stuck.find(consumer, System.nanoTime()));
        }).compose(handler).onComplete(result -> {
            if (result.succeeded()) {
                turn(timeout, handler, onFailure);
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

    @Override
    public Future<Void> pause(Set<TopicPartition> partitions) {
        return thread.tell(consumer -> consumer.pause(partitions));
    }

    @Override
    public Future<Void> resume(Set<TopicPartition> partitions) {
        return thread.tell(consumer -> consumer.resume(partitions));
    }

    /** The offset of the record that is read next. */
    public Future<Long> position(TopicPartition partition) {
        return thread.ask(consumer -> consumer.position(partition));
    }

    /** The same of every assigned partition. */
    public Future<Map<TopicPartition, Long>> positions() {
        return thread.ask(consumer -> ofEach(consumer, consumer::position));
    }

    private static <T> Map<TopicPartition, T> ofEach(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Function<TopicPartition, T> question) {
        return consumer.assignment().stream().collect(Collectors.toUnmodifiableMap(Function.identity(), question));
    }

    /** The offset behind the partition's last committed record, asked of the broker. */
    public Future<Long> end(TopicPartition partition) {
        return thread.ask(consumer -> consumer.endOffsets(Set.of(partition)).get(partition));
    }

    /** The consumer's place in its group, for a transaction that commits offsets. */
    public Future<ConsumerGroupMetadata> group() {
        return thread.ask(consumer -> consumer.groupMetadata());
    }

    @Override
    public Future<Void> rewindToCommitted() {
        return thread.tell(consumer -> {
            stuck.unrewound(consumer.assignment());
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment(), PATIENCE);
            for (TopicPartition partition : consumer.assignment()) {
                OffsetAndMetadata offset = committed.get(partition);
                if (offset == null) {
                    consumer.seekToBeginning(Set.of(partition));
                } else {
                    consumer.seek(partition, offset);
                }
            }
            stuck.unrewound(Set.of());
        });
    }

    /** Ends the loop after the records in hand; completes when it has ended. */
    public Future<Void> stop() {
        stopping = true;
        return started ? ended.future() : Future.succeededFuture();
    }

    /** Ends the loop, leaves the group and closes the consumer; what is asked from then on fails. */
    public synchronized Future<Void> close() {
        if (closing == null) {
            closing = stop().compose(done -> thread.leave());
        }
        return closing;
    }
}
