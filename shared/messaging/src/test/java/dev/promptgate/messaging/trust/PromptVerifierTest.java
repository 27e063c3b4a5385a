package dev.promptgate.messaging.trust;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException.Reason;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromptVerifierTest {
    private static final Set<Reason> ALTERED = EnumSet.of(Reason.BAD_SIGNATURE, Reason.MALFORMED, Reason.UNKNOWN_KEY);

    private SigningKeys keys;
    private SigningKeys newer;
    private PromptSigner signer;
    private PromptVerifier verifier;

    @BeforeAll
    void generate(@TempDir Path directory) {
        keys = SigningKeys.generate(directory, "one");
        newer = SigningKeys.generate(directory, "two");
        signer = PromptSigner.load(keys.privateKey());
        verifier = PromptVerifier.load(List.of(keys.publicKey()));
    }

    @Test
    void whatWasSignedIsTrusted() {
        ConsumerRecord<byte[], byte[]> record = SignedRecords.rollout(signer, 42);
        assertDoesNotThrow(() -> verifier.verify(record, PromptKind.ROLLOUT));
        assertEquals(OptionalLong.of(42), SignatureHeaders.sequence(record));
        assertEquals(64, SignedRecords.header(record, "signature").length);
        assertEquals(keys.keyId(), new String(SignedRecords.header(record, "signature-key")));
        assertEquals("42", new String(SignedRecords.header(record, "sequence")));
    }

    @Test
    void everyFlippedBitIsRefused() {
        ConsumerRecord<byte[], byte[]> record = SignedRecords.rollout(signer, 42);
        for (int bit = 0; bit < 8 * record.key().length; bit++) {
            assertRefused(ALTERED, SignedRecords.with(SignedRecords.flipped(record.key(), bit), record.value(), record.headers()));
        }
        for (int bit = 0; bit < 8 * record.value().length; bit++) {
            assertRefused(ALTERED, SignedRecords.with(record.key(), SignedRecords.flipped(record.value(), bit), record.headers()));
        }
        for (String name : new String[] {"signature", "signature-key", "sequence"}) {
            byte[] bytes = SignedRecords.header(record, name);
            for (int bit = 0; bit < 8 * bytes.length; bit++) {
                assertRefused(ALTERED, SignedRecords.withHeader(record, name, SignedRecords.flipped(bytes, bit)));
            }
        }
    }

    @Test
    void aCandidateDoesNotPassForARollout() {
        assertRefused(Set.of(Reason.BAD_SIGNATURE),
                SignedRecords.signed(signer, PromptKind.CANDIDATE, 1, SignedRecords.KEY, SignedRecords.VALUE));
    }

    @Test
    void aTombstoneIsSignedAndIsNoEmptyValue() {
        ConsumerRecord<byte[], byte[]> tombstone = SignedRecords.signed(signer, PromptKind.ROLLOUT, 1, SignedRecords.KEY, null);
        assertDoesNotThrow(() -> verifier.verify(tombstone, PromptKind.ROLLOUT));
        assertRefused(Set.of(Reason.BAD_SIGNATURE), SignedRecords.with(tombstone.key(), new byte[0], tombstone.headers()));
        ConsumerRecord<byte[], byte[]> empty = SignedRecords.signed(signer, PromptKind.ROLLOUT, 1, SignedRecords.KEY, new byte[0]);
        assertRefused(Set.of(Reason.BAD_SIGNATURE), SignedRecords.with(empty.key(), null, empty.headers()));
    }

    @Test
    void bytesCannotMoveFromKeyToValue() {
        ConsumerRecord<byte[], byte[]> record = SignedRecords.signed(signer, PromptKind.ROLLOUT, 1, SignedRecords.utf8("ab"),
                SignedRecords.utf8("c"));
        assertRefused(Set.of(Reason.BAD_SIGNATURE),
                SignedRecords.with(SignedRecords.utf8("a"), SignedRecords.utf8("bc"), record.headers()));
        assertRefused(Set.of(Reason.BAD_SIGNATURE), SignedRecords.with(null, SignedRecords.utf8("abc"), record.headers()));
    }

    @Test
    void unsignedRecordsAreRefused() {
        ConsumerRecord<byte[], byte[]> unsigned = SignedRecords.with(SignedRecords.KEY, SignedRecords.VALUE, List.of());
        assertRefused(Set.of(Reason.UNSIGNED), unsigned);
        assertTrue(SignatureHeaders.sequence(unsigned).isEmpty());
    }

    @Test
    void anotherKeyIsUnknownUntilItIsAdded() {
        ConsumerRecord<byte[], byte[]> record = SignedRecords.rollout(PromptSigner.load(newer.privateKey()), 1);
        UntrustedPromptException e = assertRefused(Set.of(Reason.UNKNOWN_KEY), record);
        assertTrue(e.getMessage().contains("[topic: prompt-rollouts, partition: 0, offset: 7, key id: " + newer.keyId() + "]"),
                e.getMessage());
        PromptVerifier both = PromptVerifier.load(List.of(keys.publicKey(), newer.publicKey()));
        assertDoesNotThrow(() -> both.verify(record, PromptKind.ROLLOUT));
        assertDoesNotThrow(() -> both.verify(SignedRecords.rollout(signer, 1), PromptKind.ROLLOUT));
    }

    @Test
    void anotherKeysSignatureUnderAKnownIdIsBad() {
        ConsumerRecord<byte[], byte[]> record = SignedRecords.rollout(PromptSigner.load(newer.privateKey()), 1);
        assertRefused(Set.of(Reason.BAD_SIGNATURE), SignedRecords.withHeader(record, "signature-key", SignedRecords.utf8(keys.keyId())));
    }

    @Test
    void aHeaderMissingOrTwiceIsMalformed() {
        for (String name : new String[] {"signature-key", "sequence"}) {
            ConsumerRecord<byte[], byte[]> record = SignedRecords.rollout(signer, 1);
            byte[] value = SignedRecords.header(record, name);
            record.headers().remove(name);
            assertRefused(Set.of(Reason.MALFORMED), record);
            record.headers().add(name, value).add(name, value);
            assertRefused(Set.of(Reason.MALFORMED), record);
        }
    }

    @Test
    void signingAgainReplacesTheHeaders() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("prompt-rollouts", SignedRecords.KEY, SignedRecords.VALUE);
        PromptSigner.load(newer.privateKey()).sign(record, PromptKind.CANDIDATE, 1);
        signer.sign(record, PromptKind.ROLLOUT, 2);
        assertEquals(3, record.headers().toArray().length);
        assertDoesNotThrow(() -> verifier.verify(SignedRecords.consumed(record), PromptKind.ROLLOUT));
    }

    @Test
    void headersOfAnyBytesThrowNothingElse() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            ConsumerRecord<byte[], byte[]> record = SignedRecords.with(bytes(random, 5), bytes(random, 5), List.of());
            for (String name : new String[] {"signature", "signature-key", "sequence"}) {
                if (random.nextInt(8) > 0) {
                    record.headers().add(name, random.nextInt(4) == 0 ? likely(name) : bytes(random, 80));
                }
            }
            assertThrows(UntrustedPromptException.class, () -> verifier.verify(record, PromptKind.ROLLOUT));
            SignatureHeaders.sequence(record);
        }
    }

    private byte[] likely(String name) {
        return switch (name) {
            case "signature" -> new byte[64];
            case "signature-key" -> SignedRecords.utf8(keys.keyId());
            default -> SignedRecords.utf8("9999999999999999999");
        };
    }

    private static byte[] bytes(Random random, int limit) {
        if (random.nextInt(10) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(limit)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void offLetsEverythingPass() {
        assertFalse(PromptVerifier.off().isOn());
        assertTrue(verifier.isOn());
        assertDoesNotThrow(
                () -> PromptVerifier.off().verify(SignedRecords.with(null, null, List.of()), PromptKind.ROLLOUT, new SequenceGuard()));
        assertThrows(IllegalArgumentException.class, () -> PromptVerifier.load(List.of()));
    }

    private UntrustedPromptException assertRefused(Set<Reason> reasons, ConsumerRecord<byte[], byte[]> record) {
        UntrustedPromptException e = assertThrows(UntrustedPromptException.class, () -> verifier.verify(record, PromptKind.ROLLOUT));
        assertTrue(reasons.contains(e.reason()), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        return e;
    }
}
