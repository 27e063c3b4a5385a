package dev.promptgate.console.kafka;

import dev.promptgate.messaging.trust.SnapshotVerifier;

/** What snapshots are verified with; each is off without public keys. */
public record ConsoleTrust(SnapshotVerifier rollouts, SnapshotVerifier candidates) {}
