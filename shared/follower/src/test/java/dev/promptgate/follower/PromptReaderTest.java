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
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptReaderTest {
    @TempDir
    private Path directory;

    private long offset;

    private final PromptReader reader = reader(PromptVerifier.off());

    private static PromptReader reader(PromptVerifier verifier) {
        return new PromptReader(Prompts.NAME, PromptKind.ROLLOUT, verifier, PromptCheck.of(Prompts.NAME, Prompts.MODEL));
    }

    private ConsumerRecord<byte[], byte[]> record(String prompt, byte[] value) {
        return new ConsumerRecord<>("prompt-rollouts", 0, offset++, Prompts.key(prompt), value);
    }

    private void assertRefused(Refusal expected, PromptReader by, ConsumerRecord<byte[], byte[]> record) {
        LivePrompt before = by.live();
        RefusedPromptException e = assertThrows(RefusedPromptException.class, () -> by.take(record));
        assertEquals(expected, e.refusal());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains("offset: " + record.offset()), e.getMessage());
        assertEquals(before, by.live(), "a refused record changes nothing");
    }

    @Test
    void theLastRecordIsInForce() throws RefusedPromptException {
        assertEquals(0, reader.live().version());
        assertEquals(LivePrompt.NEVER, reader.live().since());
        assertTrue(reader.take(record(Prompts.NAME, Prompts.value(1))));
        assertTrue(reader.take(record(Prompts.NAME, Prompts.value(4))));
        assertEquals(4, reader.live().version());
        assertEquals(2, reader.live().classes().size());
    }

    @Test
    void nullIsTheHandWrittenPrompt() throws RefusedPromptException {
        reader.take(record(Prompts.NAME, Prompts.value(1)));
        assertTrue(reader.take(record(Prompts.NAME, null)));
        assertEquals(0, reader.live().version());
        assertTrue(reader.live().prompt().isEmpty());
        assertTrue(reader.live().classes().isEmpty());
    }

    @Test
    void anotherPromptsRecordIsNothing() throws RefusedPromptException {
        assertFalse(reader.take(record("other", Prompts.value("other", 9, Prompts.MODEL, List.of("a")))));
        assertFalse(reader.take(new ConsumerRecord<>("prompt-rollouts", 0, 9, null, Prompts.value(9))));
        assertEquals(0, reader.live().version());
    }

    @Test
    void whatCannotBeUsedIsRefused() throws RefusedPromptException {
        reader.take(record(Prompts.NAME, Prompts.value(3)));
        assertRefused(Refusal.UNREADABLE, reader, record(Prompts.NAME, new byte[0]));
        assertRefused(Refusal.UNREADABLE, reader, record(Prompts.NAME, "no safetensors at all".getBytes()));
        assertRefused(Refusal.OTHER_MODEL, reader, record(Prompts.NAME, Prompts.value(Prompts.NAME, 4, "sha256:\ntheirs", List.of("a"))));
        assertRefused(Refusal.OTHER_PROMPT, reader, record(Prompts.NAME, Prompts.value("other", 4, Prompts.MODEL, List.of("a"))));
        assertEquals(3, reader.live().version());
    }

    @Test
    void onlyWhatIsSignedByATrustedKeyAndNewIsBelieved() throws RefusedPromptException {
        SigningKeys keys = SigningKeys.generate(directory, "rollouts");
        PromptSigner signer = PromptSigner.load(keys.privateKey());
        PromptSigner stranger = PromptSigner.load(SigningKeys.generate(directory, "stranger").privateKey());
        PromptReader careful = reader(PromptVerifier.load(List.of(keys.publicKey())));
        careful.take(signed(signer, PromptKind.ROLLOUT, 5, Prompts.value(1)));
        assertRefused(Refusal.UNTRUSTED, careful, record(Prompts.NAME, Prompts.value(2)));
        assertRefused(Refusal.UNTRUSTED, careful, record(Prompts.NAME, null));
        assertRefused(Refusal.UNTRUSTED, careful, signed(stranger, PromptKind.ROLLOUT, 6, Prompts.value(2)));
        assertRefused(Refusal.UNTRUSTED, careful, signed(signer, PromptKind.CANDIDATE, 6, Prompts.value(2)));
        assertRefused(Refusal.UNTRUSTED, careful, signed(signer, PromptKind.ROLLOUT, 5, Prompts.value(2)));
        careful.take(signed(signer, PromptKind.ROLLOUT, 6, null));
        assertEquals(0, careful.live().version());
    }

    private ConsumerRecord<byte[], byte[]> signed(PromptSigner signer, PromptKind kind, long sequence, byte[] value) {
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>("prompt-rollouts", Prompts.key(Prompts.NAME), value);
        signer.sign(sent, kind, sequence);
        ConsumerRecord<byte[], byte[]> record = record(Prompts.NAME, value);
        sent.headers().forEach(record.headers()::add);
        return record;
    }
}
