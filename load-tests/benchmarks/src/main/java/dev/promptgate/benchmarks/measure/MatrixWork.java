package dev.promptgate.benchmarks.measure;

import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.text.PromptSet;
import java.util.Arrays;

/**
 * The floating-point operations of the matrix products that a pass cannot do without, a multiplication and an addition counting as two: the
 * floor that its time is measured against. Norms, activations and softmax are left out.
 */
public final class MatrixWork {
    private MatrixWork() {}

    /** Of one image; the last layer computes its class token alone. */
    public static double image(ClipConfig config) {
        TowerShape tower = config.vision().tower();
        double width = tower.width();
        double patches = Math.pow(config.vision().grid(), 2);
        double tokens = 1 + patches;
        double embedding = 2 * patches * 3 * Math.pow(config.vision().patchSize(), 2) * width;
        return embedding + layers(tower, tokens, 1, tokens * tokens) + 2 * width * config.featureDim();
    }

    /**
     * Of the gradient with respect to the context: the way there and, with frozen weights, as much again on the way back. Prompts that are
     * differentiated in chunks are computed once more, which is not counted.
     */
    public static double gradient(ClipConfig config, PromptSet prompts) {
        double prefix = 1 + prompts.contextTokens();
        double tokens = prefix + Arrays.stream(prompts.suffixes()).mapToInt(suffix -> suffix.length).sum();
        double pairs = prefix * prefix
                + Arrays.stream(prompts.suffixes()).mapToDouble(suffix -> suffix.length * (prefix + suffix.length)).sum();
        return 2 * layers(config.text().tower(), tokens, prompts.size(), pairs);
    }

    /** All layers at every token, but the last one, which needs keys and values of all and the rest of a few. */
    private static double layers(TowerShape tower, double tokens, double lastTokens, double pairs) {
        double width = tower.width();
        double attention = 4 * pairs * width;
        double keysValues = 4 * width * width;
        double rest = 4 * width * width + 4 * width * tower.mlpWidth(); // queries and output; both ways of the feed-forward layer
        return (tower.layers() - 1) * (tokens * (keysValues + rest) + attention) + tokens * keysValues + lastTokens * rest
                + attention * lastTokens / tokens;
    }
}
