package dev.promptgate.learner;

import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.PromptVerifier;
import java.util.Optional;

/**
 * What candidates are signed and verified with.
 *
 * @param signer of the candidates that this learner writes; empty for no signatures
 * @param verifier of those that it finds when it starts
 */
public record LearnerTrust(Optional<PromptSigner> signer, PromptVerifier verifier) {}
