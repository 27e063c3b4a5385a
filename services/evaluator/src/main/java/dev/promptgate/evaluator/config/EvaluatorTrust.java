package dev.promptgate.evaluator.config;

import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.TrustSettings;
import java.util.Optional;

/** Whom the evaluator trusts in prompt-candidates and prompt-rollouts, and what it signs with there; empty for no signatures. */
public record EvaluatorTrust(PromptVerifier candidates, PromptVerifier rollouts, Optional<PromptSigner> rolloutSigner) {
    /** As the settings say; who signs rollouts and names no public keys trusts its own signatures alone. */
    public static EvaluatorTrust of(TrustSettings settings) {
        Optional<PromptSigner> signer = settings.rolloutSigner();
        PromptVerifier given = settings.rolloutVerifier();
        PromptVerifier rollouts = given.isOn() ? given : signer.map(PromptSigner::verifier).orElse(given);
        return new EvaluatorTrust(settings.candidateVerifier(), rollouts, signer);
    }
}
