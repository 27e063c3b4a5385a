package dev.promptgate.messaging.trust;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceGuardTest {
    private final SequenceGuard guard = new SequenceGuard();
    private PromptSigner signer;
    private PromptVerifier verifier;

    @BeforeEach
    void generate(@TempDir Path directory) {
        SigningKeys keys = SigningKeys.generate(directory, "k");
        signer = PromptSigner.load(keys.privateKey());
        verifier = PromptVerifier.load(List.of(keys.publicKey()));
    }

    @Test
    void anOldRecordSentAgainIsReplayed() throws Exception {
        ConsumerRecord<byte[], byte[]> old = SignedRecords.rollout(signer, 3);
        verifier.verify(old, PromptKind.ROLLOUT, guard);
        verifier.verify(SignedRecords.rollout(signer, 4), PromptKind.ROLLOUT, guard);
        for (long sequence : new long[] {0, 3, 4}) {
            UntrustedPromptException e = assertThrows(UntrustedPromptException.class,
                    () -> verifier.verify(SignedRecords.rollout(signer, sequence), PromptKind.ROLLOUT, guard));
            assertEquals(Reason.REPLAYED, e.reason());
            assertTrue(e.getMessage().contains("sequence: " + sequence + ", accepted before: 4"), e.getMessage());
        }
        assertEquals(OptionalLong.of(4), guard.highest(SignedRecords.KEY));
        assertDoesNotThrow(() -> verifier.verify(old, PromptKind.ROLLOUT, new SequenceGuard()));
    }

    @Test
    void eachRecordKeyCountsForItself() throws Exception {
        verifier.verify(SignedRecords.rollout(signer, 9), PromptKind.ROLLOUT, guard);
        for (byte[] key : new byte[][] {SignedRecords.utf8("other"), null, new byte[0]}) {
            verifier.verify(SignedRecords.signed(signer, PromptKind.ROLLOUT, 1, key, null), PromptKind.ROLLOUT, guard);
            assertEquals(OptionalLong.of(1), guard.highest(key));
        }
        assertEquals(OptionalLong.empty(), guard.highest(SignedRecords.utf8("third")));
    }

    @Test
    void aRefusedRecordLeavesNoTrace() {
        ConsumerRecord<byte[], byte[]> forged = SignedRecords.withHeader(SignedRecords.rollout(signer, 1), "sequence",
                SignedRecords.utf8(Long.toString(Long.MAX_VALUE)));
        assertThrows(UntrustedPromptException.class, () -> verifier.verify(forged, PromptKind.ROLLOUT, guard));
        assertEquals(OptionalLong.empty(), guard.highest(SignedRecords.KEY));
        assertDoesNotThrow(() -> verifier.verify(SignedRecords.rollout(signer, 1), PromptKind.ROLLOUT, guard));
    }

    @Test
    void theLargestSequenceWorksAndANegativeOneIsRefused() {
        assertDoesNotThrow(() -> verifier.verify(SignedRecords.rollout(signer, Long.MAX_VALUE), PromptKind.ROLLOUT, guard));
        assertThrows(IllegalArgumentException.class, () -> SignedRecords.rollout(signer, -1));
    }

    @Test
    void aRecordWithoutASequenceIsNotAccepted() {
        UntrustedPromptException e = assertThrows(UntrustedPromptException.class,
                () -> guard.accept(SignedRecords.with(SignedRecords.KEY, SignedRecords.VALUE, List.of())));
        assertEquals(Reason.MALFORMED, e.reason());
    }
}
