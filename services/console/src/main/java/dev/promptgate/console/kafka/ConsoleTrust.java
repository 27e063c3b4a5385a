package dev.promptgate.console.kafka;

import dev.promptgate.messaging.trust.PromptVerifier;

/** What snapshots are verified with; each is off without public keys. */
public record ConsoleTrust(PromptVerifier rollouts, PromptVerifier candidates) {}
