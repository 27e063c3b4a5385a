package dev.promptgate.learner.config;

import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.TrustSettings;
import java.util.Optional;

/**
 * What candidates are signed and verified with.
 *
 * @param signer of the candidates that this learner writes; empty for no signatures
 * @param verifier of those that it finds when it starts
 */
public record LearnerTrust(Optional<PromptSigner> signer, PromptVerifier verifier) {
    /** @throws InvalidSettingsException if a key cannot be used */
    public static LearnerTrust of(TrustSettings settings) {
        return new LearnerTrust(settings.candidateSigner(), settings.candidateVerifier());
    }
}
