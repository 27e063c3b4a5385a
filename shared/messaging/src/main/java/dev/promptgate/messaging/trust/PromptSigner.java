package dev.promptgate.messaging.trust;

import dev.promptgate.messaging.trust.SigningKeys.UnusableKeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs prompts with Ed25519. A signed record has three headers: {@code signature}, 64 bytes over kind, sequence, key and value as
 * {@code shared/messaging/README.md} lays them out; {@code signature-key}, the key's id, the first 16 hexadecimal digits of the SHA-256 of
 * the public key's X.509 encoding; {@code sequence}, decimal digits: the higher one of two records with the same key is the newer.
 * Immutable, thread-safe.
 */
public final class PromptSigner {
    private static final Logger LOG = LoggerFactory.getLogger(PromptSigner.class);
    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final PrivateKey key;
    private final PublicKey publicKey;
    private final String keyId;

    private PromptSigner(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        this.key = key;
        this.publicKey = publicKey;
        keyId = Ed25519.keyId(publicKey);
    }

    /**
     * Reads a private key as {@link SigningKeys} or {@code openssl genpkey -algorithm ed25519} write it. Warns in the log if others may
     * read the file.
     *
     * @param privateKeyPem PKCS#8, PEM, not encrypted
     * @throws UnusableKeyException if the file is missing, no PEM, or no Ed25519 key
     */
    public static PromptSigner load(Path privateKeyPem) {
        byte[] pkcs8 = PemFile.read(privateKeyPem, PemFile.PRIVATE_KEY);
        warnIfOthersMayRead(privateKeyPem);
        try {
            PrivateKey key = Ed25519.privateKey(pkcs8);
            return new PromptSigner(key, Ed25519.publicKeyOf(key));
        } catch (GeneralSecurityException e) {
            throw new UnusableKeyException(
                    "The private key is not an Ed25519 key in PKCS#8; make one with: promptgate keys generate DIR [file: %s]"
                            .formatted(privateKeyPem),
                    e);
        }
    }

    /**
     * Signs a record and adds the headers; those of an earlier signature are replaced. Key and value must not change afterwards.
     *
     * @param record its value may be null: back to the hand-written prompt
     * @param sequence above that of every record signed before for the same record key; not negative
     * @throws IllegalArgumentException if the sequence is negative
     * @throws IllegalStateException if the record was sent before
     */
    public void sign(ProducerRecord<byte[], byte[]> record, PromptKind kind, long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("A sequence must not be negative [sequence: " + sequence + "]");
        }
        try {
            byte[] signature = Ed25519.sign(key, SignedForm.of(kind, sequence, record.key(), record.value()));
            new SignatureHeaders(signature, keyId, sequence).writeTo(record.headers());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK cannot sign with Ed25519", e);
        }
    }

    /** Verifies what this one has signed, and lets nothing else pass. */
    public PromptVerifier verifier() {
        return new PromptVerifier(Map.of(keyId, publicKey));
    }

    /** The id in the header {@code signature-key}. */
    public String keyId() {
        return keyId;
    }

    private static void warnIfOthersMayRead(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                LOG.warn("Others may read or replace the private key; restrict it with: chmod 600 FILE [file: {}]", file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("Who may read the private key is not known here [file: {}]", file); // no POSIX permissions
        }
    }
}
