package dev.promptgate.messaging.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.promptgate.messaging.trust.SigningKeys.UnusableKeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class KeyFilesTest {
    @TempDir
    private Path directory;

    @Test
    void aGeneratedPairFitsTogether() throws IOException {
        SigningKeys keys = SigningKeys.generate(directory.resolve("made/of/folders"), "rollouts");
        assertEquals("rollouts.key", keys.privateKey().getFileName().toString());
        assertEquals("rollouts.pub", keys.publicKey().getFileName().toString());
        assertEquals(keys.keyId(), PromptSigner.load(keys.privateKey()).keyId());
        assertTrue(keys.keyId().matches("[0-9a-f]{16}"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.privateKey())));
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        SigningKeys keys = SigningKeys.generate(directory, "k");
        String before = Files.readString(keys.privateKey());
        assertTrue(assertThrows(UnusableKeyException.class, () -> SigningKeys.generate(directory, "k")).getMessage().contains("k.key"));
        assertEquals(before, Files.readString(keys.privateKey()));
        Files.createFile(directory.resolve("only.pub"));
        assertThrows(UnusableKeyException.class, () -> SigningKeys.generate(directory, "only"));
        assertFalse(Files.exists(directory.resolve("only.key")));
    }

    @Test
    void namesStayInTheDirectory() {
        for (String name : new String[] {"../k", "a/b", "", ".hidden", "a b"}) {
            assertThrows(IllegalArgumentException.class, () -> SigningKeys.generate(directory, name));
        }
    }

    @Test
    void filesThatAreNoKeyAreOneClearLine() throws Exception {
        SigningKeys keys = SigningKeys.generate(directory, "k");
        assertRefused("no such key file", directory.resolve("nowhere.key"));
        assertRefused("no PEM file", Files.writeString(directory.resolve("text"), "my secret words"));
        assertRefused("no PEM file", Files.createFile(directory.resolve("empty")));
        assertRefused("cannot be read", directory);
        assertRefused("found: PUBLIC KEY", keys.publicKey());
        assertRefused("openssl pkey", pem("ENCRYPTED PRIVATE KEY", new byte[40]));
        assertRefused("more than one key", Files.writeString(directory.resolve("two"), Files.readString(keys.privateKey()).repeat(2)));
        assertRefused("not an Ed25519 key", pem("PRIVATE KEY", new byte[48]));
        assertRefused("not an Ed25519 key",
                pem("PRIVATE KEY", KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded()));
        assertRefused("not an Ed25519 key",
                pem("PRIVATE KEY", KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate().getEncoded()));
        assertRefused("damaged", Files.writeString(directory.resolve("damaged"), Files.readString(keys.privateKey()).replace('M', '*')));
    }

    @Test
    void publicKeysAreCheckedToo() throws Exception {
        SigningKeys keys = SigningKeys.generate(directory, "k");
        for (Path file : List.of(keys.privateKey(), directory.resolve("nowhere.pub"), pem("PUBLIC KEY", new byte[44]),
                pem("PUBLIC KEY", KeyPairGenerator.getInstance("Ed448").generateKeyPair().getPublic().getEncoded()))) {
            UnusableKeyException e = assertThrows(UnusableKeyException.class, () -> PromptVerifier.load(List.of(keys.publicKey(), file)));
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        }
    }

    @Test
    void aPrivateKeyThatOthersMayReadIsAWarning() throws IOException {
        SigningKeys keys = SigningKeys.generate(directory, "k");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(PromptSigner.class);
        logger.addAppender(log);
        try {
            PromptSigner.load(keys.privateKey());
            assertEquals(List.of(), log.list);
            Files.setPosixFilePermissions(keys.privateKey(), PosixFilePermissions.fromString("rw-r--r--"));
            PromptSigner.load(keys.privateKey());
            assertTrue(log.list.get(0).getFormattedMessage().contains("chmod 600"), log.list.toString());
        } finally {
            logger.detachAppender(log);
        }
    }

    private void assertRefused(String why, Path file) {
        UnusableKeyException e = assertThrows(UnusableKeyException.class, () -> PromptSigner.load(file));
        assertTrue(e.getMessage().contains(why), e.getMessage());
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    private Path pem(String label, byte[] bytes) throws IOException {
        Path file = Files.createTempFile(directory, "key", ".pem");
        return Files.writeString(file,
                "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, Base64.getEncoder().encodeToString(bytes), label));
    }
}
