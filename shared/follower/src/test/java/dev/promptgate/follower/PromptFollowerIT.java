package dev.promptgate.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.follower.PromptFollower.PromptListener;
import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@BrokerTest
@Tag("broker-semantics")
class PromptFollowerIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private RolloutTopic topic;

    @BeforeEach
    void create(TestBroker broker) throws Exception {
        topic = new RolloutTopic(broker.bootstrapServers(), broker.uniquePrefix());
    }

    @AfterEach
    void close() {
        topic.close();
    }

    private static LivePrompt ready(PromptFollower follower) throws Exception {
        return follower.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static void awaitVersion(PromptFollower follower, long version) {
        Awaitility.await().atMost(LIMIT).until(() -> follower.live().version() == version);
    }

    @Test
    void catchesUpAndIsToldOfChanges() throws Exception {
        topic.write(Prompts.value(1));
        topic.write(Prompts.value(2));
        List<Long> seen = new CopyOnWriteArrayList<>();
        List<String> threads = new CopyOnWriteArrayList<>();
        try (PromptFollower follower = new PromptFollower(topic.source()).onChange(live -> {
            seen.add(live.version());
            threads.add(Thread.currentThread().getName());
            assertTrue(Thread.currentThread().isDaemon());
        }).start()) {
            assertEquals(2, ready(follower).version());
            topic.write(Prompts.value(3));
            awaitVersion(follower, 3);
            topic.write(null);
            awaitVersion(follower, 0);
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertEquals(List.of(2L, 3L, 0L), seen));
            assertTrue(threads.stream().allMatch("promptgate-follow-rollout-default"::equals), threads::toString);
            assertTrue(follower.refusals().isEmpty());
        }
    }

    @Test
    void anEmptyTopicIsTheHandWrittenPrompt() throws Exception {
        try (PromptFollower follower = new PromptFollower(topic.source()).start()) {
            assertEquals(new LivePrompt(Prompts.NAME, 0, LivePrompt.NEVER, Optional.empty()), ready(follower));
        }
    }

    @Test
    void whatCannotBeUsedIsCountedAndThePromptStays() throws Exception {
        topic.write(Prompts.value(1));
        List<Refusal> told = new CopyOnWriteArrayList<>();
        try (PromptFollower follower = new PromptFollower(topic.source()).onChange(new PromptListener() {
            @Override
            public void onPrompt(LivePrompt live) {
                throw new IllegalStateException("a listener that fails harms nobody");
            }

            @Override
            public void onRefused(RefusedPromptException why) {
                told.add(why.refusal());
            }
        }).start()) {
            ready(follower);
            topic.write(new byte[] {1, 2, 3});
            topic.write(Prompts.value(Prompts.NAME, 2, "sha256:theirs", List.of("a")));
            Awaitility.await().atMost(LIMIT).until(() -> told.size() == 2);
            assertEquals(List.of(Refusal.UNREADABLE, Refusal.OTHER_MODEL), told);
            assertEquals(1, follower.live().version());
            topic.write(Prompts.value(3));
            awaitVersion(follower, 3);
            assertEquals(Map.of(Refusal.UNREADABLE, 1L, Refusal.OTHER_MODEL, 1L), follower.refusals());
        }
    }

    @Test
    void whatWasNotCommittedIsNotSeen() throws Exception {
        topic.write(Prompts.value(1));
        Map<String, Object> config = new HashMap<>(topic.clients.transactionalProducer(topic.topics.prefix(), Duration.ofSeconds(30)));
        try (KafkaProducer<byte[], byte[]> writer = new KafkaProducer<>(config)) {
            writer.initTransactions();
            writer.beginTransaction();
            writer.send(new ProducerRecord<>(topic.topics.promptRollouts(), Prompts.key(Prompts.NAME), Prompts.value(9))).get();
            writer.abortTransaction();
        }
        try (PromptFollower follower = new PromptFollower(topic.source()).start()) {
            assertEquals(1, ready(follower).version());
            topic.write(Prompts.value(2));
            awaitVersion(follower, 2);
        }
    }

    @Test
    void closingEndsTheThreadAndWhoWaits(TestBroker broker) {
        PromptFollower follower = new PromptFollower(PromptSource.rollouts(topic.clients, new TopicNames(broker.uniquePrefix()), "absent"));
        CompletableFuture<LivePrompt> ready = follower.start().ready();
        assertTrue(isRunning("absent"));
        follower.close();
        assertFalse(isRunning("absent"));
        assertThrows(ExecutionException.class, () -> ready.get(1, TimeUnit.SECONDS));
    }

    private static boolean isRunning(String prompt) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("promptgate-follow-rollout-" + prompt));
    }

    @Test
    void survivesThatKafkaGoesAway(@TempDir Path directory) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
        int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
        try (RolloutTopic own = new RolloutTopic(kafka.bootstrapServers(), "");
                PromptFollower follower = new PromptFollower(own.source()).start()) {
            own.write(Prompts.value(1));
            awaitVersion(follower, 1);
            kafka.close();
            Thread.sleep(2_000);
            assertEquals(1, follower.live().version());
            kafka = EmbeddedKafka.start(directory, port);
            own.write(Prompts.value(2));
            awaitVersion(follower, 2);
        } finally {
            kafka.close();
        }
    }

    @Test
    void waitsForABrokerThatIsNotThereYet(@TempDir Path directory) throws Exception {
        EmbeddedKafka first = EmbeddedKafka.start(directory, 0);
        int port = Integer.parseInt(first.bootstrapServers().split(":")[1]);
        try (RolloutTopic own = new RolloutTopic(first.bootstrapServers(), "")) {
            own.write(Prompts.value(1));
            first.close();
            try (PromptFollower follower = new PromptFollower(own.source()).start()) {
                Thread.sleep(1_000);
                assertFalse(follower.ready().isDone());
                try (EmbeddedKafka again = EmbeddedKafka.start(directory, port)) {
                    assertEquals(1, ready(follower).version());
                }
            }
        }
    }
}
