package dev.promptgate.experiments.method.cocoop;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.experiments.method.Classifier;
import java.util.List;
import java.util.Optional;

/**
 * Classifies each image by a context of its own: every class is encoded anew for every image, many images in one pass.
 *
 * @param parameters {@code [v1 … vN | W1 | b1 | W2 | b2]}; read only
 */
public record CoCoOpClassifier(TextEncoder encoder, ConditionalContext conditional, float[] parameters) implements Classifier {
    @Override
    public int[] classify(float[][] images, List<String> classes) {
        int[] nearest = new int[images.length];
        encoder.conditional().features(conditional.of(parameters, images), encoder.prompts(classes, conditional.shape().tokens()),
                (text, i) -> nearest[i] = new ClassScorer(text).nearest(new float[][] {images[i]})[0]);
        return nearest;
    }

    @Override
    public Optional<Context> context() {
        return Optional.empty();
    }
}
