package dev.promptgate.messaging.trust;

import java.util.Locale;

/** What a signed snapshot is; part of what is signed, so that a candidate can never pass for a rollout. */
public enum PromptKind {
    /** A record of {@code prompt-candidates}: the learner's, not judged yet. */
    CANDIDATE,
    /** A record of {@code prompt-rollouts}: the live prompt. */
    ROLLOUT;

    /** The name in what is signed, and in the settings' names. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
