package dev.promptgate.clip.text;

import ai.djl.ndarray.NDManager;
import dev.promptgate.clip.transformer.TextTower;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The reference that the fast path is measured against: every prompt padded to 77 tokens with a prefix of its own, as published code
 * bases compute it. Thread-safe like {@link TextEncoder}.
 */
final class FullLengthTextEncoder implements PromptedEncoder {
    private final TextTower tower;
    private final Prefix prefix;

    FullLengthTextEncoder(TextTower tower, Prefix prefix) {
        this.tower = tower;
        this.prefix = prefix;
    }

    @Override
    public float[][] features(Context context, PromptSet prompts) {
        float[][] features = new float[prompts.size()][];
        Part part = part(prompts);
        try (NDManager pass = prefix.newPass()) {
            Prefix.copyRows(part.forward().apply(prefix.withContext(prefix.leaf(pass, List.of(context)))), part.rows(), features);
        }
        return features;
    }

    @Override
    public TextPass differentiate(Context context, PromptSet prompts) {
        return new GradientPass(prefix, List.of(context), List.of(part(prompts)), prompts.size());
    }

    private Part part(PromptSet prompts) {
        return new Part(start -> tower.padded(start, prompts.suffixes()), IntStream.range(0, prompts.size()).toArray());
    }
}
