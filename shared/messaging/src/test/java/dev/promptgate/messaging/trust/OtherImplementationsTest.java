package dev.promptgate.messaging.trust;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSL and the README's Python agree with the JDK; skipped where they are absent. */
class OtherImplementationsTest {
    private static final String RECORD = "from types import SimpleNamespace\n";

    @TempDir
    private Path directory;

    @Test
    void opensslsKeysSignAndVerify() throws Exception {
        Assumptions.assumeTrue(succeeds("openssl", "genpkey", "-algorithm", "ed25519", "-out", "k.pem"),
                "there is no openssl that knows Ed25519");
        assertEquals(0, run("openssl", "pkey", "-in", "k.pem", "-pubout", "-out", "k.pub"));
        PromptSigner signer = PromptSigner.load(directory.resolve("k.pem"));
        ConsumerRecord<byte[], byte[]> record = SignedRecords.rollout(signer, 5);
        assertDoesNotThrow(() -> PromptVerifier.load(List.of(directory.resolve("k.pub"))).verify(record, PromptKind.ROLLOUT));
    }

    @Test
    void opensslVerifiesWhatIsSignedHere() throws Exception {
        Assumptions.assumeTrue(succeeds("openssl", "genpkey", "-algorithm", "ed25519", "-out", "k.pem"),
                "there is no openssl that knows Ed25519");
        SigningKeys keys = SigningKeys.generate(directory, "k");
        ConsumerRecord<byte[], byte[]> record = SignedRecords.rollout(PromptSigner.load(keys.privateKey()), 5);
        Files.write(directory.resolve("form"), SignedForm.of(PromptKind.ROLLOUT, 5, record.key(), record.value()));
        Files.write(directory.resolve("signature"), SignedRecords.header(record, "signature"));
        assertEquals(0,
                run("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "k.pub", "-rawin", "-in", "form", "-sigfile", "signature"));
        assertEquals(0, run("openssl", "pkey", "-in", "k.key", "-noout"));
    }

    @Test
    void theReadmesPythonVerifies() throws Exception {
        Assumptions.assumeTrue(succeeds("python3", "-c", "import cryptography"), "there is no Python with the package cryptography");
        PromptSigner signer = PromptSigner.load(SigningKeys.generate(directory, "rollouts").privateKey());
        assertEquals(0, python(SignedRecords.rollout(signer, 1L << 40)));
        assertEquals(0, python(SignedRecords.signed(signer, PromptKind.ROLLOUT, 6, SignedRecords.KEY, null)));
        assertNotEquals(0, python(SignedRecords.signed(signer, PromptKind.CANDIDATE, 6, SignedRecords.KEY, null)));
        ConsumerRecord<byte[], byte[]> record = SignedRecords.rollout(signer, 7);
        assertNotEquals(0, python(SignedRecords.with(record.key(), SignedRecords.flipped(record.value(), 0), record.headers())));
    }

    /** Runs the README's example on a record as kafka-python gives it. */
    private int python(ConsumerRecord<byte[], byte[]> record) throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String example = readme.substring(readme.indexOf("```python\n") + 10, readme.indexOf("```", readme.indexOf("```python\n") + 10));
        StringBuilder headers = new StringBuilder();
        record.headers().forEach(header -> headers.append("('%s', %s), ".formatted(header.key(), python(header.value()))));
        Path script = Files.writeString(directory.resolve("verify.py"),
                RECORD + example + "\nrecord = SimpleNamespace(key=%s, value=%s, headers=[%s])\nassert verify(record) == %d\n"
                        .formatted(python(record.key()), python(record.value()), headers, SignatureHeaders.sequence(record).orElseThrow()));
        return run("python3", script.toString());
    }

    private static String python(byte[] bytes) {
        return bytes == null ? "None" : "bytes.fromhex('" + HexFormat.of().formatHex(bytes) + "')";
    }

    private boolean succeeds(String... command) throws InterruptedException {
        try {
            return run(command) == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    private int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile()).start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("It does not end [command: " + String.join(" ", command) + "]");
        }
        return process.exitValue();
    }
}
