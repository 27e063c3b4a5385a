package dev.promptgate.service.settings;

import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.SigningKeys.UnusableKeyException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which keys sign prompts and which are trusted. Who is given a public key verifies; nothing else turns it on or off. Signers and verifiers
 * throw InvalidSettingsException if a key cannot be used.
 */
public record TrustSettings(SettingsValues values) {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> CANDIDATE_SIGNING_KEY = ALL.add(Setting.text("trust.candidate-signing-key", "",
            "file of the private key (Ed25519, PEM) that the learner signs candidates with; without one they are unsigned")
            .given());
    public static final Setting<String> CANDIDATE_PUBLIC_KEYS = ALL.add(Setting.list("trust.candidate-public-keys", "",
            "files of public keys, with commas; once given, a candidate that none of them signed is refused"));
    public static final Setting<String> ROLLOUT_SIGNING_KEY = ALL.add(Setting.text("trust.rollout-signing-key", "",
            "file of the private key (Ed25519, PEM) that the evaluator signs rollouts with; without one they are unsigned")
            .given());
    public static final Setting<String> ROLLOUT_PUBLIC_KEYS = ALL.add(Setting.list("trust.rollout-public-keys", "",
            "files of public keys, with commas; once given, a rollout that none of them signed is refused"));

    /** What the learner signs candidates with; empty leaves them unsigned. */
    public Optional<PromptSigner> candidateSigner() {
        return signer(CANDIDATE_SIGNING_KEY);
    }

    /** What whoever reads candidates verifies them with; off without public keys. */
    public PromptVerifier candidateVerifier() {
        return verifier(CANDIDATE_PUBLIC_KEYS);
    }

    /** What the evaluator signs rollouts with; empty leaves them unsigned. */
    public Optional<PromptSigner> rolloutSigner() {
        return signer(ROLLOUT_SIGNING_KEY);
    }

    /** What whoever follows rollouts verifies them with; off without public keys. */
    public PromptVerifier rolloutVerifier() {
        return verifier(ROLLOUT_PUBLIC_KEYS);
    }

    private Optional<PromptSigner> signer(Setting<String> setting) {
        String file = values.get(setting).strip();
        try {
            return file.isEmpty() ? Optional.empty() : Optional.of(PromptSigner.load(Path.of(file)));
        } catch (UnusableKeyException | InvalidPathException e) {
            throw unusable(setting, e);
        }
    }

    private PromptVerifier verifier(Setting<String> setting) {
        try {
            List<Path> files = files(values.get(setting)).stream().map(Path::of).toList();
            return files.isEmpty() ? PromptVerifier.off() : PromptVerifier.load(files);
        } catch (UnusableKeyException | InvalidPathException e) {
            throw unusable(setting, e);
        }
    }

    private static InvalidSettingsException unusable(Setting<?> setting, RuntimeException e) {
        return new InvalidSettingsException(List.of(setting.key() + ": " + e.getMessage()));
    }

    private static List<String> files(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(file -> !file.isEmpty()).toList();
    }
}
