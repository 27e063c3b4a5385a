package dev.promptgate.learning.prompt;

import dev.promptgate.clip.text.Context;

/** A learned prompt and where it comes from: the value of a candidate and of a rollout. */
public record Prompt(Context context, PromptMetadata metadata) {}
