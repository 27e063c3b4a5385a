package dev.promptgate.clip.text;

import java.util.List;

/** Tokenised prompts {@code [SOS] v1 … vN name . [EOS]}, one a class. Immutable; made by {@link TextEncoder}. */
public final class PromptSet {
    private final List<String> classNames;
    private final int contextTokens;
    private final int[][] suffixes;

    PromptSet(List<String> classNames, int contextTokens, int[][] suffixes) {
        this.classNames = List.copyOf(classNames);
        this.contextTokens = contextTokens;
        this.suffixes = suffixes;
    }

    /** The class names, in the order of the features. */
    public List<String> classNames() {
        return classNames;
    }

    public int size() {
        return classNames.size();
    }

    /** N, the number of learnable tokens that each prompt leaves room for. */
    public int contextTokens() {
        return contextTokens;
    }

    /** What follows the context in each prompt: the name's tokens, the full stop and EOS. */
    int[][] suffixes() {
        return suffixes;
    }
}
