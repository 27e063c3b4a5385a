package dev.promptgate.messaging.trust;

import dev.promptgate.messaging.record.WireName;

/** What a signed prompt is; part of what is signed, so that a candidate can never pass for a rollout. */
public enum PromptKind implements WireName {
    /** A record of {@code prompt-candidates}: the learner's, not judged yet. */
    CANDIDATE,
    /** A record of {@code prompt-rollouts}: the live prompt. */
    ROLLOUT
}
