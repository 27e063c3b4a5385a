package dev.promptgate.classifier.prompt;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.learning.prompt.Prompt;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A prompt that is ready to answer: the text features of its own classes are there, those of others are computed when they are asked for.
 * Thread-safe; it never changes but for what it remembers of other classes.
 */
public final class PromptClassifier {
    private final LivePrompt live;
    private final LabelRanker own;
    private final TextFeatures others;
    private final float logitScale;

    private PromptClassifier(LivePrompt live, List<String> classes, TextFeatures others, float logitScale) {
        this.live = live;
        this.others = others;
        this.logitScale = logitScale;
        own = new LabelRanker(classes, others.of(classes), logitScale);
    }

    /**
     * Computes the text features of all its classes. Blocking.
     *
     * @param handWritten the context of version 0
     * @param more classes beside those of the prompt
     * @param capacity of the memory for other classes
     */
    public static PromptClassifier prepare(LivePrompt live, ClipModel model, Context handWritten, List<String> more, int capacity) {
        Set<String> all = new LinkedHashSet<>(live.classes());
        all.addAll(more);
        Context context = live.snapshot().map(Prompt::context).orElse(handWritten);
        return new PromptClassifier(live, List.copyOf(all), new TextFeatures(model.textEncoder(), context, capacity), model.logitScale());
    }

    public LivePrompt live() {
        return live;
    }

    /** Its version; 0 is the hand-written one. */
    public long version() {
        return live.version();
    }

    /** The classes it answers with where none are named. */
    public LabelRanker own() {
        return own;
    }

    /** These classes, if their text features are remembered; does not block. */
    public Optional<LabelRanker> remembered(List<String> classes) {
        return others.remembered(classes).map(text -> new LabelRanker(classes, text, logitScale));
    }

    /**
     * These classes, each once. Blocking.
     *
     * @throws IllegalArgumentException naming the class that makes no prompt
     */
    public LabelRanker among(List<String> classes) {
        return new LabelRanker(classes, others.of(classes), logitScale);
    }
}
