package dev.promptgate.evaluator;

import dev.promptgate.messaging.trust.SnapshotSigner;
import dev.promptgate.messaging.trust.SnapshotVerifier;
import dev.promptgate.service.settings.TrustSettings;
import java.util.Optional;

/**
 * Whom the evaluator trusts, and what it signs with.
 *
 * @param candidates verifies prompt-candidates
 * @param rollouts verifies what prompt-rollouts holds
 * @param rolloutSigner signs what it writes there; empty for no signatures
 */
public record EvaluatorTrust(SnapshotVerifier candidates, SnapshotVerifier rollouts, Optional<SnapshotSigner> rolloutSigner) {
    /** As the settings say; who signs rollouts and names no public keys trusts its own signatures alone. */
    public static EvaluatorTrust of(TrustSettings settings) {
        Optional<SnapshotSigner> signer = settings.rolloutSigner();
        SnapshotVerifier given = settings.rolloutVerifier();
        SnapshotVerifier rollouts = given.isOn() ? given : signer.map(SnapshotSigner::verifier).orElse(given);
        return new EvaluatorTrust(settings.candidateVerifier(), rollouts, signer);
    }
}
