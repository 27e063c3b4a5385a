package dev.promptgate.messaging.trust;

import dev.promptgate.messaging.record.WireName;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException.Reason;
import dev.promptgate.messaging.trust.SigningKeys.UnusableKeyException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Verifies what {@link PromptSigner} signed, with any of several public keys: to rotate, add the new one everywhere, then sign with it,
 * then take the old one away. Immutable, thread-safe.
 */
public final class PromptVerifier {
    private static final PromptVerifier OFF = new PromptVerifier(Map.of());

    private final Map<String, PublicKey> keys;

    PromptVerifier(Map<String, PublicKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    /**
     * Reads public keys as {@link SigningKeys} or {@code openssl pkey -pubout} write them.
     *
     * @param publicKeyPems X.509 SubjectPublicKeyInfo, PEM; at least one
     * @throws UnusableKeyException if a file is missing, no PEM, or no Ed25519 key
     * @throws IllegalArgumentException if there is none: no key must not come to mean no verification
     */
    public static PromptVerifier load(List<Path> publicKeyPems) {
        if (publicKeyPems.isEmpty()) {
            throw new IllegalArgumentException("A verifier needs a public key");
        }
        Map<String, PublicKey> keys = new HashMap<>();
        for (Path file : publicKeyPems) {
            byte[] x509 = PemFile.read(file, PemFile.PUBLIC_KEY);
            try {
                PublicKey key = Ed25519.publicKey(x509);
                keys.put(Ed25519.keyId(key), key);
            } catch (GeneralSecurityException e) {
                throw new UnusableKeyException(
                        "The public key is not an Ed25519 key; make a pair with: promptgate keys generate DIR [file: %s]"
                                .formatted(file),
                        e);
            }
        }
        return new PromptVerifier(keys);
    }

    /** One that lets everything pass. */
    public static PromptVerifier off() {
        return OFF;
    }

    public boolean isOn() {
        return !keys.isEmpty();
    }

    /**
     * Returns if the record may be trusted, which includes that it is newer than what the guard of this topic's reader accepted before;
     * does nothing when off. Throws UntrustedPromptException if it must not be used.
     */
    public void verify(ConsumerRecord<byte[], byte[]> record, PromptKind kind, SequenceGuard guard) throws UntrustedPromptException {
        verify(record, kind);
        if (isOn()) {
            guard.accept(record);
        }
    }

    /**
     * Returns if the record's signature is right. An old record that somebody sends again passes: {@link SequenceGuard} tells. Does nothing
     * when off.
     *
     * @throws UntrustedPromptException if it must not be used
     */
    public void verify(ConsumerRecord<byte[], byte[]> record, PromptKind kind) throws UntrustedPromptException {
        if (!isOn()) {
            return;
        }
        SignatureHeaders headers = SignatureHeaders.read(record, kind);
        PublicKey key = keys.get(headers.keyId());
        if (key == null) {
            throw new UntrustedPromptException(Reason.UNKNOWN_KEY,
                    "The %s is signed with a key that is not among trust.%s-public-keys; add it there if it is yours"
                            .formatted(kind.wireName(), kind.keys()),
                    record, "key id: " + headers.keyId());
        }
        if (!isRight(key, SignedForm.of(kind, headers.sequence(), record.key(), record.value()), headers.signature())) {
            throw new UntrustedPromptException(Reason.BAD_SIGNATURE,
                    "The %s's signature is not right: it was altered, or signed as something else; find out who wrote it"
                            .formatted(kind.wireName()),
                    record, "key id: " + headers.keyId());
        }
    }

    private static boolean isRight(PublicKey key, byte[] form, byte[] signature) {
        try {
            return Ed25519.verify(key, form, signature);
        } catch (GeneralSecurityException e) {
            return false; // 64 bytes that no signer makes
        }
    }

    /** A prompt that must not be used; the message is one line: what, what to do, where. */
    public static final class UntrustedPromptException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Why it is refused; a closed list, so that it can tag a meter. */
        public enum Reason implements WireName {
            /** It has no {@code signature} header. */
            UNSIGNED,
            /** It names a key that is not among the public keys. */
            UNKNOWN_KEY,
            /** The signature is not that key's over this kind, sequence, key and value. */
            BAD_SIGNATURE,
            /** A header of the signature is missing, doubled, or not of its form. */
            MALFORMED,
            /** Its sequence is not above the highest that was accepted for its key. */
            REPLAYED
        }

        private final Reason reason;

        UntrustedPromptException(Reason reason, String what, ConsumerRecord<?, ?> record, String detail) {
            super("%s [topic: %s, partition: %d, offset: %d%s]".formatted(what, record.topic(), record.partition(), record.offset(),
                    detail.isEmpty() ? "" : ", " + detail));
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }
}
