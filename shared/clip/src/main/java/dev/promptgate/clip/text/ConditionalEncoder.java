package dev.promptgate.clip.text;

import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * Encodes the same classes under several contexts, as a context that depends on the image needs it (CoCoOp, arXiv 2203.05557). The contexts
 * of one chunk go through the tower together: their prefixes' keys and values are computed once each, the classes' tokens are packed
 * without padding. Memory is that of one chunk, whatever the number of contexts and classes.
 *
 * <p>Thread-safe like {@link TextEncoder}, whose results these are context by context.
 */
public final class ConditionalEncoder {
    /** Where a loss points, as a function of the features under one context. */
    @FunctionalInterface
    public interface FeatureGradient {
        /** ∂loss/∂features, [classes][dim], of the L2-normalised text features under the context of this index. */
        float[][] at(int context, float[][] features);
    }

    private final TextEncoder encoder;

    ConditionalEncoder(TextEncoder encoder) {
        this.encoder = encoder;
    }

    /** Without a graph: {@code each} gets the L2-normalised features [classes][dim] under each context, and its index, in order. */
    public void features(List<Context> contexts, PromptSet prompts, ObjIntConsumer<float[][]> each) {
        inChunks(contexts, prompts, (chunk, from) -> {
            float[][] features = encoder.run(encoder.chunks(prompts.suffixes(), chunk.size()), prompts.size(), chunk);
            for (int b = 0; b < chunk.size(); b++) {
                each.accept(Arrays.copyOfRange(features, b * prompts.size(), (b + 1) * prompts.size()), from + b);
            }
        });
    }

    /**
     * The gradient of a sum of losses, one a context, with respect to each context. Holds the process-wide lock on PyTorch's gradient
     * collector while a chunk is under way.
     *
     * @return ∂loss/∂context, [contexts][tokens · width]
     */
    public float[][] gradients(List<Context> contexts, PromptSet prompts, FeatureGradient loss) {
        float[][] gradients = new float[contexts.size()][];
        inChunks(contexts, prompts, (chunk, from) -> {
            try (TextPass pass = encoder.pass(chunk, prompts)) {
                float[] gradient = pass.gradient(byFeatures(pass.features(), from, prompts.size(), loss));
                int size = gradient.length / chunk.size();
                for (int b = 0; b < chunk.size(); b++) {
                    gradients[from + b] = Arrays.copyOfRange(gradient, b * size, (b + 1) * size);
                }
            }
        });
        return gradients;
    }

    private static float[][] byFeatures(float[][] features, int firstContext, int classes, FeatureGradient loss) {
        float[][] byFeatures = new float[features.length][];
        for (int row = 0; row < features.length; row += classes) {
            float[][] ofContext = loss.at(firstContext + row / classes, Arrays.copyOfRange(features, row, row + classes));
            System.arraycopy(ofContext, 0, byFeatures, row, classes);
        }
        return byFeatures;
    }

    /** @param work gets the contexts that go through the tower together, and the index of the first */
    private void inChunks(List<Context> contexts, PromptSet prompts, ObjIntConsumer<List<Context>> work) {
        int together = together(prompts);
        for (int from = 0; from < contexts.size(); from += together) {
            List<Context> chunk = contexts.subList(from, Math.min(contexts.size(), from + together));
            chunk.forEach(context -> encoder.checkFits(context, prompts));
            work.accept(chunk, from);
        }
    }

    /**
     * Contexts of one chunk. With the bundled model and 60 classes the cost of a context falls by a third up to four, and hardly beyond.
     */
    private int together(PromptSet prompts) {
        int tokens = 1 + prompts.contextTokens() + Arrays.stream(prompts.suffixes()).mapToInt(suffix -> suffix.length).sum();
        return Math.max(1, encoder.chunkTokens() / tokens);
    }
}
