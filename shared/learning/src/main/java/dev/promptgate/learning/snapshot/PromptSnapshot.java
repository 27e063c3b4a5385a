package dev.promptgate.learning.snapshot;

import dev.promptgate.clip.Context;

/** A learned prompt and where it comes from: the value of a candidate and of a rollout. */
public record PromptSnapshot(Context context, SnapshotMetadata metadata) {}
