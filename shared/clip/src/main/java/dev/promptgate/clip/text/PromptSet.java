package dev.promptgate.clip.text;

import java.util.Arrays;
import java.util.List;

/**
 * Tokenised prompts {@code [SOS] v1 … vN name . [EOS]}, one a class; made by {@link TextEncoder}.
 *
 * @param classNames in the order of the features
 * @param contextTokens N, the number of learnable tokens that each prompt leaves room for
 * @param suffixes what follows the context in each prompt: the name's tokens, the full stop and EOS; read-only
 */
public record PromptSet(List<String> classNames, int contextTokens, int[][] suffixes) {
    public PromptSet {
        classNames = List.copyOf(classNames);
    }

    /** Those of some of the classes, by their indices, in that order. */
    public PromptSet only(int[] classes) {
        return new PromptSet(Arrays.stream(classes).mapToObj(classNames::get).toList(), contextTokens,
                Arrays.stream(classes).mapToObj(c -> suffixes[c]).toArray(int[][]::new));
    }

    public int size() {
        return classNames.size();
    }
}
