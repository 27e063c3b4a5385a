package dev.promptgate.experiments.method;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.text.TextEncoder;
import java.util.List;
import java.util.Optional;

/** Classifies by one context for all images. */
public record ContextClassifier(TextEncoder encoder, Context learned) implements Classifier {
    @Override
    public int[] classify(float[][] images, List<String> classes) {
        PromptSet prompts = encoder.prompts(classes, learned.tokens());
        return new ClassScorer(encoder.features(learned, prompts)).nearest(images);
    }

    @Override
    public Optional<Context> context() {
        return Optional.of(learned);
    }
}
