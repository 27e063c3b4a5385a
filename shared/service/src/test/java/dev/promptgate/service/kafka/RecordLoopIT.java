package dev.promptgate.service.kafka;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.service.host.Activity;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@BrokerTest
@Tag("broker-semantics")
class RecordLoopIT {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaClients clients;
    private final TestBroker broker;
    private final List<ConsumerRecord<byte[], byte[]>> records = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<RecordLoop> loops = new ArrayList<>();
    private SimpleMeterRegistry registry;
    private Vertx vertx;
    private String topic;
    private TopicPartition first;
    private TopicPartition second;

    RecordLoopIT(TestBroker broker) {
        this.broker = broker;
        clients = new KafkaClients(broker.bootstrapServers(), Map.of("max.poll.records", "5"), 1 << 20);
    }

    @BeforeEach
    void createTopic() throws Exception {
        vertx = Vertx.vertx();
        registry = new SimpleMeterRegistry();
        topic = broker.uniquePrefix() + "records";
        first = new TopicPartition(topic, 0);
        second = new TopicPartition(topic, 1);
        records.clear();
        failures.clear();
        try (Admin admin = Admin.create(clients.admin())) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        }
    }

    @AfterEach
    void close() {
        loops.forEach(loop -> loop.close().await());
        vertx.close().await();
    }

    @Test
    void itReadsFromTheOffsetsOnAndTellsHowFarItIs() {
        send(first, 20);
        List<RecordLoop.Polled> polls = new CopyOnWriteArrayList<>();
        RecordLoop loop = loop(clients.consumer());
        loop.assign(Map.of(first, 3L, second, 0L)).await();
        run(loop, polled -> {
            polls.add(polled);
            return take(polled);
        });
        await().atMost(LIMIT).until(() -> records.size() == 17);
        assertEquals(3, records.get(0).offset());
        assertEquals(Map.of(first, 20L, second, 0L), loop.positions().await());
        assertEquals(20, loop.position(first).await());
        assertEquals(20, loop.end(first).await());
        await().atMost(LIMIT).until(() -> polls.get(polls.size() - 1).isAtEnd(first) && polls.get(polls.size() - 1).isAtEnd(second));
        assertTrue(polls.stream().anyMatch(polled -> polled.lag(Set.of(first)) > 0 && !polled.isAtEnd(first)));
        assertEquals(Set.of(first, second), polls.get(0).assignment());
        assertFalse(registry.find("kafka.consumer.fetch.manager.records.consumed.total").meters().isEmpty());
    }

    /** Where to read on is not known before the transaction ends; the loop polls meanwhile, else it would leave its group in the end. */
    @Test
    void aTransactionThatHoldsAnOffsetHoldsNoPoll() {
        String group = topic + "-held";
        try (KafkaProducer<byte[], byte[]> open = new KafkaProducer<>(
                new HashMap<>(clients.transactionalProducer(group, Duration.ofMinutes(1))))) {
            open.initTransactions();
            open.beginTransaction();
            open.sendOffsetsToTransaction(Map.of(first, new OffsetAndMetadata(2)), new ConsumerGroupMetadata(group));
            send(first, 4);
            RecordLoop loop = loop(clients.groupConsumer(group, Optional.empty()));
            loop.subscribe(topic, revoked -> {}).await();
            AtomicInteger polls = new AtomicInteger();
            run(loop, polled -> {
                polls.incrementAndGet();
                return take(polled);
            });
            await().atMost(LIMIT).until(() -> polls.get() > 20);
            assertEquals(List.of(), records);
            assertInstanceOf(RetriableException.class, assertThrows(Exception.class, () -> loop.rewindToCommitted().await()));
            open.commitTransaction();
            await().atMost(LIMIT).until(() -> records.size() == 2);
            assertEquals(List.of(2L, 3L), records.stream().map(ConsumerRecord::offset).toList());
        }
    }

    @Test
    void anyThreadMayAskWhileItPolls() throws Exception {
        RecordLoop loop = loop(clients.consumer());
        loop.assign(Map.of(first, 0L, second, 0L)).await();
        run(loop, this::take);
        List<CompletableFuture<Void>> threads = IntStream.range(0, 4).mapToObj(thread -> CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 10; i++) {
                send(first, 1);
                Future.all(loop.position(first), loop.end(second), loop.pause(Set.of(second)), loop.resume(Set.of(second)),
                        loop.positions())
                        .await();
            }
        })).toList();
        for (CompletableFuture<Void> thread : threads) {
            thread.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        await().atMost(LIMIT).until(() -> records.size() == 40);
        assertEquals(List.of(), failures);
    }

    @Test
    void aPauseThatTheHandlerDoesNotWaitForHoldsBeforeTheNextPoll() {
        send(first, 20);
        AtomicInteger polls = new AtomicInteger();
        RecordLoop loop = loop(clients.consumer());
        loop.assign(Map.of(first, 0L)).await();
        run(loop, polled -> {
            polls.incrementAndGet();
            if (!polled.records().isEmpty()) {
                loop.pause(Set.of(first));
            }
            return take(polled);
        });
        await().atMost(LIMIT).until(() -> records.size() == 5);
        int before = polls.get();
        await().atMost(LIMIT).until(() -> polls.get() > before + 3);
        assertEquals(5, records.size());
        assertEquals(5, loop.position(first).await());
        loop.resume(Set.of(first)).await();
        await().atMost(LIMIT).until(() -> records.size() == 10);
    }

    @Test
    void whatWasTakenAwayIsToldBeforeThePollsRecordsAndALeaverMakesRoomAtOnce() {
        Map<TopicPartition, Integer> owner = new ConcurrentHashMap<>();
        List<RecordLoop> members = new ArrayList<>();
        List<Set<TopicPartition>> taken = List.of(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        List<TopicPartition> toldTooLate = new CopyOnWriteArrayList<>();
        for (int member = 0; member < 2; member++) {
            int number = member;
            Map<String, String> config = clients.groupConsumer(topic, Optional.of("member-" + number));
            config.put("heartbeat.interval.ms", "200");
            RecordLoop loop = loop(config);
            members.add(loop);
            loop.subscribe(topic, taken.get(number)::addAll).await();
            Set<TopicPartition> had = new HashSet<>();
            run(loop, polled -> {
                had.stream().filter(partition -> !polled.assignment().contains(partition) && !taken.get(number).contains(partition))
                        .forEach(toldTooLate::add);
                had.addAll(polled.assignment());
                polled.records().forEach(record -> owner.put(new TopicPartition(record.topic(), record.partition()), number));
                return take(polled);
            });
            if (member == 0) {
                await().atMost(LIMIT).until(() -> loop.positions().await().size() == 2);
                send(first, 1);
                send(second, 1);
                await().atMost(LIMIT).until(() -> owner.equals(Map.of(first, 0, second, 0)));
            } else {
                await().atMost(LIMIT).until(() -> loop.positions().await().size() == 1);
            }
        }
        await().atMost(LIMIT).until(() -> {
            send(first, 1);
            send(second, 1);
            return Set.copyOf(owner.values()).equals(Set.of(0, 1));
        });
        assertEquals(topic, members.get(0).group().await().groupId());
        assertEquals(1, taken.get(0).size(), "only what moves is taken away");
        long left = System.nanoTime();
        members.get(1).close().await();
        await().atMost(LIMIT).until(() -> members.get(0).positions().await().size() == 2);
        assertTrue(System.nanoTime() - left < TimeUnit.SECONDS.toNanos(8), "sooner than the session times out");
        assertEquals(List.of(), toldTooLate);
        assertEquals(List.of(), failures);
    }

    @Test
    void itGoesBackToTheCommittedOffsetsOrToTheBeginning() throws Exception {
        send(first, 4);
        send(second, 4);
        RecordLoop loop = loop(clients.groupConsumer(topic, Optional.empty()));
        loop.subscribe(topic, revoked -> {}).await();
        run(loop, this::take);
        await().atMost(LIMIT).until(() -> records.size() == 8);
        loop.stop().await();
        String group = loop.group().await().groupId();
        loop.close().await();
        try (Admin admin = Admin.create(clients.admin())) {
            await().atMost(LIMIT).ignoreExceptions().until(
                    () -> admin.alterConsumerGroupOffsets(group, Map.of(first, new OffsetAndMetadata(3))).all().get() == null);
        }
        records.clear();
        RecordLoop next = loop(clients.groupConsumer(topic, Optional.empty()));
        next.subscribe(topic, revoked -> {}).await();
        AtomicInteger rewound = new AtomicInteger();
        run(next, polled -> {
            take(polled);
            return records.size() == 5 && rewound.getAndIncrement() == 0 ? next.rewindToCommitted() : Future.succeededFuture();
        });
        await().atMost(LIMIT).until(() -> records.size() == 10);
        assertEquals(Map.of("0:3", 2L, "1:0", 2L, "1:1", 2L, "1:2", 2L, "1:3", 2L), records.stream()
                .collect(Collectors.groupingBy(record -> record.partition() + ":" + record.offset(), Collectors.counting())));
    }

    @Test
    void aCloseWhileAPollIsUnderWayWaitsForItAndEndsTheThread() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        RecordLoop loop = loop(clients.consumer());
        loop.assign(Map.of(first, 0L)).await();
        loop.start(Duration.ofSeconds(2), polled -> {
            handled.incrementAndGet();
            return Future.succeededFuture();
        }, failures::add);
        TimeUnit.MILLISECONDS.sleep(300); // within the poll
        Future<Long> asked = loop.position(first);
        Future<Void> closed = loop.close();
        assertEquals(0, asked.await(), "what was asked before the close is answered");
        closed.await();
        assertEquals(1, handled.get(), "the records in hand are dealt with, and no more are read");
        assertEquals(List.of(), failures);
        assertInstanceOf(IllegalStateException.class, assertThrows(Exception.class, () -> loop.position(first).await()));
        assertThrows(IllegalStateException.class, () -> loop.subscribe(topic, revoked -> {}).await());
        loop.close().await();
        assertTrue(registry.find("kafka.consumer.fetch.manager.records.consumed.total").meters().isEmpty());
    }

    @Test
    void aCloseWaitsForTheHandler() {
        Promise<Void> inHand = Promise.promise();
        RecordLoop loop = loop(clients.consumer());
        loop.assign(Map.of(first, 0L)).await();
        Promise<Void> begun = Promise.promise();
        run(loop, polled -> {
            begun.tryComplete();
            return inHand.future();
        });
        begun.future().await();
        Future<Void> closed = loop.close();
        assertEquals(0, loop.position(first).await());
        assertFalse(closed.isComplete());
        inHand.complete();
        closed.await();
    }

    @Test
    void aFailureEndsTheLoopAndIsToldOnce() {
        send(first, 20);
        RecordLoop loop = loop(clients.consumer());
        loop.assign(Map.of(first, 0L)).await();
        run(loop, polled -> {
            throw new IllegalArgumentException("broken");
        });
        await().atMost(LIMIT).until(() -> !failures.isEmpty());
        loop.stop().await();
        assertEquals(5, loop.position(first).await(), "it can still be asked");
        loop.close().await();
        assertEquals(List.of("broken"), failures.stream().map(Throwable::getMessage).toList());
    }

    /** As a record does that the heap has no room for. */
    @Test
    void anErrorInAPollEndsTheLoopAndIsTold() {
        send(first, 1);
        Map<String, String> config = clients.consumer();
        config.put("value.deserializer", Exhausted.class.getName());
        RecordLoop loop = loop(config);
        loop.assign(Map.of(first, 0L)).await();
        run(loop, this::take);
        await().atMost(LIMIT).until(() -> !failures.isEmpty());
        assertInstanceOf(OutOfMemoryError.class, failures.get(0));
    }

    public static final class Exhausted implements Deserializer<byte[]> {
        @Override
        public byte[] deserialize(String from, byte[] data) {
            throw new OutOfMemoryError("too large");
        }
    }

    @Test
    void aTurnThatDoesNotEndIsSeenAndPollsWithoutRecordsAreNone() {
        AtomicLong nanos = new AtomicLong();
        Activity turns = new Activity(nanos::get);
        RecordLoop loop = on(vertx.getOrCreateContext(),
                () -> new RecordLoop(vertx, clients.consumer(), new RecordLoop.Observers(registry, turns)));
        Promise<Void> hanging = Promise.promise();
        AtomicBoolean hangs = new AtomicBoolean();
        AtomicBoolean isHanging = new AtomicBoolean();
        loop.assign(Map.of(first, 0L)).await();
        run(loop, polled -> {
            isHanging.set(hangs.get());
            return hangs.get() ? hanging.future() : Future.succeededFuture();
        });
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        await().until(() -> turns.stillMillis().orElseThrow() == 0);
        hangs.set(true);
        await().until(isHanging::get);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertEquals(TimeUnit.HOURS.toMillis(1), turns.stillMillis().orElseThrow());
        hanging.complete();
        loop.close().await();
        assertTrue(turns.stillMillis().isEmpty(), "nothing is to do");
    }

    private Future<Void> take(RecordLoop.Polled polled) {
        polled.records().forEach(records::add);
        return Future.succeededFuture();
    }

    private void run(RecordLoop loop, Function<RecordLoop.Polled, Future<Void>> handler) {
        loop.start(POLL, handler, failures::add);
    }

    /** A loop on a context of its own, as a verticle has one. */
    private RecordLoop loop(Map<String, String> config) {
        RecordLoop loop = on(vertx.getOrCreateContext(),
                () -> new RecordLoop(vertx, config, new RecordLoop.Observers(registry, new Activity(System::nanoTime))));
        loops.add(loop);
        return loop;
    }

    private static <T> T on(Context context, Supplier<T> action) {
        Promise<T> done = Promise.promise();
        context.runOnContext(begin -> done.complete(action.get()));
        return done.future().await();
    }

    private void send(TopicPartition partition, int count) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), new byte[] {1}, new byte[] {(byte) i}));
            }
        }
    }
}
