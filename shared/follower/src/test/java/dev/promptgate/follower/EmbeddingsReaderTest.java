package dev.promptgate.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.SigningKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingsReaderTest {
    private static final String TOPIC = "class-embeddings";

    @TempDir
    private Path directory;

    private final EmbeddingsReader reader = new EmbeddingsReader(Prompts.NAME, PromptVerifier.off(), Optional.of(Prompts.MODEL));

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(TOPIC, 0, 7, sent.key(), sent.value());
        sent.headers().forEach(record.headers()::add);
        return record;
    }

    private static List<ConsumerRecord<byte[], byte[]>> change(long version, int classes, int before) {
        return Embeddings.change(TOPIC, Embeddings.set(version, classes), before, Optional.empty(), 0).stream()
                .map(EmbeddingsReaderTest::received).toList();
    }

    private static long version(EmbeddingsReader reader) {
        return reader.live().map(set -> set.source().version()).orElse(0L);
    }

    private static void takeAll(EmbeddingsReader reader, List<ConsumerRecord<byte[], byte[]>> records) throws RefusedPromptException {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            assertTrue(reader.take(record));
        }
    }

    private static void assertRefused(Refusal expected, EmbeddingsReader reader, ConsumerRecord<byte[], byte[]> record) {
        RefusedPromptException refused = assertThrows(RefusedPromptException.class, () -> reader.take(record));
        assertEquals(expected, refused.refusal(), refused.getMessage());
        assertTrue(refused.getMessage().contains("[") && refused.getMessage().lines().count() == 1, refused.getMessage());
    }

    @Test
    void aSetIsInForceOnceItIsWhole() throws RefusedPromptException {
        takeAll(reader, change(1, 3, 0));
        assertEquals(1, version(reader));
        List<ConsumerRecord<byte[], byte[]>> next = change(2, 4, 3);
        takeAll(reader, next.subList(0, 3));
        assertEquals(1, version(reader));
        takeAll(reader, next.subList(3, 4));
        assertEquals(List.of("Größe \"0\"", "Größe \"1\"", "Größe \"2\"", "Größe \"3\""), reader.live().orElseThrow().classes());
        assertEquals(1, reader.live().orElseThrow().textFeatures()[3][4]);
        takeAll(reader, change(3, 2, 4));
        reader.atEnd();
        assertEquals(3, version(reader));
    }

    @Test
    void nullForThePartZeroIsTheHandWrittenPrompt() throws RefusedPromptException {
        takeAll(reader, change(1, 3, 0));
        reader.take(new ConsumerRecord<>(TOPIC, 0, 8, Embeddings.KEY.bytes(2), null));
        assertEquals(1, version(reader), "of other parts it only tidies up");
        reader.take(new ConsumerRecord<>(TOPIC, 0, 9, Embeddings.KEY.bytes(0), null));
        assertTrue(reader.live().isEmpty());
        reader.atEnd();
    }

    /** Of a key compaction keeps the last record: any earlier ones may be gone. */
    @Test
    void whateverCompactionLeavesOfOlderSetsIsPassedOver() throws RefusedPromptException {
        List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>(change(1, 5, 0));
        log.addAll(change(2, 3, 5));
        log.addAll(change(3, 4, 3));
        List<ConsumerRecord<byte[], byte[]>> last = change(4, 2, 4);
        for (int kept = 0; kept < 1 << log.size(); kept++) {
            EmbeddingsReader one = new EmbeddingsReader(Prompts.NAME, PromptVerifier.off(), Optional.empty());
            for (int i = 0; i < log.size(); i++) {
                if ((kept >> i & 1) == 1) {
                    one.take(log.get(i));
                }
            }
            takeAll(one, last);
            one.atEnd();
            assertEquals(4, version(one));
        }
    }

    @Test
    void aSetThatLacksAPartAtTheEndIsRefusedOnce() throws RefusedPromptException {
        takeAll(reader, change(1, 2, 0));
        takeAll(reader, change(2, 3, 2).subList(1, 3));
        RefusedPromptException refused = assertThrows(RefusedPromptException.class, reader::atEnd);
        assertEquals(Refusal.INCOMPLETE, refused.refusal());
        assertTrue(refused.getMessage().contains("parts: 2 of 3"), refused.getMessage());
        reader.atEnd();
        assertEquals(1, version(reader));
        takeAll(reader, change(2, 3, 3).subList(0, 1));
        assertEquals(2, version(reader), "and taken once the part is there");
    }

    @Test
    void whatCannotBeUsedIsRefused() throws RefusedPromptException {
        takeAll(reader, change(1, 2, 0));
        ConsumerRecord<byte[], byte[]> first = change(2, 2, 0).get(0);
        assertFalse(reader.take(new ConsumerRecord<>(TOPIC, 0, 7, null, first.value())));
        assertFalse(reader.take(new ConsumerRecord<>(TOPIC, 0, 7, Prompts.key("default/x"), first.value())));
        assertFalse(reader.take(new ConsumerRecord<>(TOPIC, 0, 7, Prompts.key("default/0/0"), first.value())));
        assertRefused(Refusal.UNREADABLE, reader, new ConsumerRecord<>(TOPIC, 0, 7, Embeddings.KEY.bytes(0), new byte[9]));
        assertRefused(Refusal.OTHER_PROMPT, reader, new ConsumerRecord<>(TOPIC, 0, 7, Embeddings.KEY.bytes(1), first.value()));
        assertRefused(Refusal.OTHER_MODEL, new EmbeddingsReader(Prompts.NAME, PromptVerifier.off(), Optional.of("sha256:mine")), first);
        assertRefused(Refusal.OTHER_PROMPT, new EmbeddingsReader("other", PromptVerifier.off(), Optional.empty()),
                new ConsumerRecord<>(TOPIC, 0, 7, Prompts.key("other/0"), first.value()));
        reader.atEnd();
        assertEquals(1, version(reader));
    }

    @Test
    void everyPartMustBeSignedByATrustedKeyAndNew() throws RefusedPromptException {
        SigningKeys keys = SigningKeys.generate(directory, "rollouts");
        Optional<PromptSigner> signer = Optional.of(PromptSigner.load(keys.privateKey()));
        Optional<PromptSigner> stranger = Optional.of(PromptSigner.load(SigningKeys.generate(directory, "stranger").privateKey()));
        EmbeddingsReader careful = new EmbeddingsReader(Prompts.NAME, PromptVerifier.load(List.of(keys.publicKey())), Optional.empty());
        List<ProducerRecord<byte[], byte[]>> one = Embeddings.change(TOPIC, Embeddings.set(1, 3), 0, signer, 5);
        takeAll(careful, one.stream().map(EmbeddingsReaderTest::received).toList());
        List<ProducerRecord<byte[], byte[]>> two = Embeddings.change(TOPIC, Embeddings.set(2, 2), 3, signer, 6);
        careful.take(received(two.get(0)));
        assertRefused(Refusal.UNTRUSTED, careful, change(2, 2, 0).get(1));
        assertRefused(Refusal.UNTRUSTED, careful, received(Embeddings.change(TOPIC, Embeddings.set(2, 2), 0, stranger, 6).get(1)));
        ProducerRecord<byte[], byte[]> asRollout = new ProducerRecord<>(TOPIC, two.get(1).key(), two.get(1).value());
        signer.get().sign(asRollout, PromptKind.ROLLOUT, 6);
        assertRefused(Refusal.UNTRUSTED, careful, received(asRollout));
        assertRefused(Refusal.UNTRUSTED, careful, received(one.get(0)));
        assertEquals(1, version(careful));
        careful.take(received(two.get(1)));
        assertEquals(2, version(careful));
        assertRefused(Refusal.UNTRUSTED, careful, new ConsumerRecord<>(TOPIC, 0, 7, Embeddings.KEY.bytes(0), null));
        assertEquals(2, version(careful));
    }
}
