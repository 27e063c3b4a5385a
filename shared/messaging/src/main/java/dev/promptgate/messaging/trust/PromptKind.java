package dev.promptgate.messaging.trust;

import dev.promptgate.messaging.record.WireName;

/** What a signed prompt is; part of what is signed, so that a candidate can never pass for a rollout. */
public enum PromptKind implements WireName {
    /** A record of {@code prompt-candidates}: the learner's, not judged yet. */
    CANDIDATE,
    /** A record of {@code prompt-rollouts}: the live prompt. */
    ROLLOUT,
    /** A record of {@code class-embeddings}: a part of the live prompt's classifier, signed by who signs rollouts. */
    EMBEDDING;

    /** Of the settings that name its keys, {@code trust.…-public-keys}. */
    String keys() {
        return this == EMBEDDING ? ROLLOUT.wireName() : wireName();
    }
}
