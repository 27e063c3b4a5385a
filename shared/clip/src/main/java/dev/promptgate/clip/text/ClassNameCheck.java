package dev.promptgate.clip.text;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Whether a class name makes a prompt of the model. Answers are remembered, a bounded number of them. Thread-safe. */
public final class ClassNameCheck {
    private static final int MAX_REMEMBERED = 100_000;

    private final PromptEncoder encoder;
    private final int contextTokens;
    private final Map<String, Boolean> fits = new ConcurrentHashMap<>();

    /** For prompts with so many context tokens. */
    public ClassNameCheck(PromptEncoder encoder, int contextTokens) {
        this.encoder = encoder;
        this.contextTokens = contextTokens;
    }

    /** False for a name that makes more tokens than the text tower takes. */
    public boolean fits(String className) {
        if (!encoder.hasTokenizer()) {
            return true; // a model of random weights, in a benchmark: names are never made into prompts
        }
        if (fits.size() > MAX_REMEMBERED) {
            fits.clear();
        }
        return fits.computeIfAbsent(className, this::fitsPrompt);
    }

    private boolean fitsPrompt(String className) {
        try {
            encoder.prompts(List.of(className), contextTokens);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
