package dev.promptgate.classifier.prompt;

import dev.promptgate.classifier.config.Selection;
import dev.promptgate.classifier.prompt.LabelRanker.Label;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCalibration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A prompt that is ready to answer: the text features of its own classes are there, those of others are computed when they are asked for.
 * Thread-safe; it never changes but for what it remembers of other classes.
 *
 * @param own the classes it answers with where none are named
 * @param logitScale the model's, divided by the prompt's temperature
 */
public record PromptClassifier(LivePrompt live, LabelRanker own, TextFeatures others, float logitScale) {
    /** Computes the text features of all its classes: those of the prompt, and of {@code more} what is no same prompt. Blocking. */
    public static PromptClassifier prepare(LivePrompt live, ClipModel model, Context handWritten, List<String> more, int capacity) {
        Set<String> all = new LinkedHashSet<>(live.classes());
        Prompt prompt = live.prompt().orElseGet(() -> Prompt.handWritten(live.name(), handWritten));
        Descriptions descriptions = prompt.metadata().descriptions();
        Set<String> known = descriptions.texts(live.classes()).stream().map(SamePrompt::key).collect(Collectors.toSet());
        more.stream().filter(name -> !known.contains(SamePrompt.key(descriptions.text(name)))).forEach(all::add);
        List<String> classes = List.copyOf(all);
        TextFeatures features = new TextFeatures(model.textEncoder(), prompt, capacity);
        float logitScale = calibration(live).logitScale(model.logitScale());
        return new PromptClassifier(live, new LabelRanker(classes, features.of(classes), logitScale), features, logitScale);
    }

    private static PromptCalibration calibration(LivePrompt live) {
        return live.prompt().map(prompt -> prompt.metadata().calibration()).orElse(PromptCalibration.NONE);
    }

    /** Whether it stands behind the likeliest of its own classes. */
    public Selection selects(Label likeliest) {
        double threshold = calibration(live).threshold();
        return Double.isNaN(threshold) ? Selection.NO_THRESHOLD
                : likeliest.probability() >= threshold ? Selection.ANSWERED : Selection.BELOW_THRESHOLD;
    }

    /** Its version; 0 is the hand-written one. */
    public long version() {
        return live.version();
    }

    /** The text features of the live prompt's own classes; empty for the hand-written prompt, which has none. */
    public Optional<ClassEmbeddings> embeddings() {
        return live.prompt().map(prompt -> new ClassEmbeddings(
                new ClassEmbeddings.Source(live.name(), version(), prompt.metadata().modelFingerprint(), logitScale), live.classes(),
                own.scorer().text(live.classes().size()))); // they come first
    }

    /** These classes, if their text features are remembered; does not block. */
    public Optional<LabelRanker> remembered(List<String> classes) {
        return others.remembered(classes).map(text -> new LabelRanker(classes, text, logitScale));
    }

    /** These classes, each once; an IllegalArgumentException names the class that makes no prompt. Blocking. */
    public LabelRanker among(List<String> classes) {
        return new LabelRanker(classes, others.of(classes), logitScale);
    }
}
