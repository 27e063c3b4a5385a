package dev.promptgate.service.settings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import dev.promptgate.messaging.trust.SigningKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustSettingsTest {
    @TempDir
    private Path directory;

    @Test
    void withoutKeysNothingIsSignedOrVerified() {
        TrustSettings trust = settings(Map.of());
        assertTrue(trust.candidateSigner().isEmpty() && trust.rolloutSigner().isEmpty());
        assertFalse(trust.candidateVerifier().isOn() || trust.rolloutVerifier().isOn());
    }

    @Test
    void eachKindHasItsOwnKeysAndAPublicKeyTurnsVerificationOn() {
        SigningKeys candidates = SigningKeys.generate(directory, "candidates");
        SigningKeys rollouts = SigningKeys.generate(directory, "rollouts");
        TrustSettings trust = settings(Map.of("trust.candidate-signing-key", candidates.privateKey().toString(),
                "trust.candidate-public-keys", candidates.publicKey().toString(), "trust.rollout-signing-key",
                rollouts.privateKey().toString(),
                "trust.rollout-public-keys", " " + candidates.publicKey() + " , " + rollouts.publicKey() + ","));
        assertEquals(candidates.keyId(), trust.candidateSigner().orElseThrow().keyId());
        assertEquals(rollouts.keyId(), trust.rolloutSigner().orElseThrow().keyId());
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>("prompt-rollouts", new byte[] {1}, null);
        trust.rolloutSigner().orElseThrow().sign(sent, PromptKind.ROLLOUT, 1);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("prompt-rollouts", 0, 0, sent.key(), sent.value());
        sent.headers().forEach(record.headers()::add);
        assertDoesNotThrow(() -> trust.rolloutVerifier().verify(record, PromptKind.ROLLOUT));
        assertThrows(UntrustedPromptException.class, () -> trust.candidateVerifier().verify(record, PromptKind.ROLLOUT));
    }

    @Test
    void aFileThatCannotBeUsedNamesTheSetting() {
        String nowhere = directory.resolve("nowhere.pem").toString();
        for (Setting<?> setting : TrustSettings.ALL.all()) {
            TrustSettings trust = settings(Map.of(setting.key(), nowhere));
            InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
                    () -> List.of(trust.candidateSigner(), trust.candidateVerifier(), trust.rolloutSigner(), trust.rolloutVerifier()));
            assertTrue(e.getMessage().startsWith(setting.key() + ": ") && e.getMessage().contains(nowhere), e.getMessage());
            assertEquals(1, e.getMessage().lines().count());
        }
    }

    @Test
    void publicKeysThatNameNoFileAreRefused() {
        assertThrows(InvalidSettingsException.class, () -> settings(Map.of("trust.rollout-public-keys", " , ")));
    }

    private static TrustSettings settings(Map<String, String> values) {
        return new TrustSettings(
                new SettingsCatalogue(TrustSettings.ALL.all(), List.of(), key -> true).resolve(SettingsSources.of(values)));
    }
}
