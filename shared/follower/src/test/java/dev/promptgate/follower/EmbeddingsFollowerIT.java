package dev.promptgate.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@BrokerTest
@Tag("broker-semantics")
class EmbeddingsFollowerIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Optional<PromptSigner> signer;

    private List<ProducerRecord<byte[], byte[]>> change(RolloutTopic topic, long version, int classes, int before) {
        return Embeddings.change(topic.topics.classEmbeddings(), Embeddings.set(version, classes), before, signer, version);
    }

    @Test
    void setsOfManyPartsAreTakenOverWholeAndOthersCounted(TestBroker broker, @TempDir Path directory) throws Exception {
        SigningKeys keys = SigningKeys.generate(directory, "rollouts");
        signer = Optional.of(PromptSigner.load(keys.privateKey()));
        List<Long> told = new CopyOnWriteArrayList<>();
        try (RolloutTopic topic = new RolloutTopic(broker.bootstrapServers(), broker.uniquePrefix())) {
            topic.write(change(topic, 1, 120, 0), true);
            topic.write(change(topic, 2, 9, 120), false); // aborted
            EmbeddingsSource source = EmbeddingsSource.of(topic.clients, topic.topics, Prompts.NAME).ofModel(Prompts.MODEL)
                    .verifiedBy(PromptVerifier.load(List.of(keys.publicKey())));
            try (EmbeddingsFollower follower = new EmbeddingsFollower(source)
                    .onChange(live -> told.add(live.map(set -> set.source().version()).orElse(0L))).start()) {
                assertEquals(120, follower.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS).map(ClassEmbeddings::classes).orElseThrow()
                        .size());
                topic.write(change(topic, 3, 40, 120), true);
                Awaitility.await().atMost(LIMIT).until(() -> told.contains(3L));
                topic.write(change(topic, 4, 40, 40).subList(0, 39), true);
                Awaitility.await().atMost(LIMIT).until(() -> follower.refusals().containsKey(Refusal.INCOMPLETE));
                Optional<PromptSigner> trusted = signer;
                signer = Optional.empty();
                topic.write(change(topic, 5, 3, 40), true);
                signer = trusted;
                topic.write(change(topic, 6, 50, 40), true);
                Awaitility.await().atMost(LIMIT).until(() -> told.contains(6L));
                assertEquals(List.of(1L, 3L, 6L), told);
                assertEquals(Map.of(Refusal.INCOMPLETE, 1L, Refusal.UNTRUSTED, 40L), follower.refusals());
                assertTrue(follower.live().orElseThrow().classes().contains("Größe \"49\""));
            }
        }
    }
}
