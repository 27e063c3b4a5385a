package dev.promptgate.clip.text;

import java.util.List;

/** What makes a context and class names into text features. The same input gives the same bits. Thread-safe. */
public interface PromptEncoder {
    /** Whether prompts can be made from names; a model without tokenizer files takes token ids only. */
    boolean hasTokenizer();

    /** The token embeddings of a few words, e.g. "a photo of a", of which there must be some, as the context to start from. */
    Context contextFrom(String words);

    /**
     * Prompts of class names, one a class.
     *
     * @throws IllegalArgumentException naming the class, if a name is blank, too long or holds a special token
     */
    PromptSet prompts(List<String> classNames, int contextTokens);

    /** L2-normalised text features [classes][dim]. */
    float[][] features(Context context, PromptSet prompts);

    /** A forward pass that keeps what its gradient needs; the caller closes it. */
    PromptPass differentiate(Context context, PromptSet prompts);
}
