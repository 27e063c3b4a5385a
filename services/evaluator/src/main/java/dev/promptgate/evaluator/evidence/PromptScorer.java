package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.TextEncoder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers single images with one prompt; remembers the text features of the classes it was asked about. Blocking. Not thread-safe. */
public final class PromptScorer {
    /** Sets of classes to remember: the seen and the unseen ones, which change now and then. */
    private static final int MAX_SETS = 8;

    private final TextEncoder encoder;
    private final Context context;
    private final Map<String, float[]> text = new HashMap<>();
    private final Map<List<String>, ClassScorer> scorers = new HashMap<>();

    public PromptScorer(TextEncoder encoder, Context context) {
        this.encoder = encoder;
        this.context = context;
    }

    /**
     * Whether the prompt names the class of a feature [dim], L2-normalised, among others; of equally near ones the first by name counts.
     */
    public boolean isRight(float[] feature, String label, Collection<String> among) {
        List<String> names = among.stream().sorted().toList();
        if (scorers.size() >= MAX_SETS && !scorers.containsKey(names)) {
            scorers.clear();
        }
        int best = ClassScorer.best(scorers.computeIfAbsent(names, this::scorer).score(feature), 0, names.size());
        return best >= 0 && names.get(best).equals(label);
    }

    private ClassScorer scorer(List<String> names) {
        List<String> missing = names.stream().filter(name -> !text.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            float[][] features = encoder.features(context, encoder.prompts(missing, context.tokens()));
            for (int i = 0; i < features.length; i++) {
                text.put(missing.get(i), features[i]);
            }
        }
        return new ClassScorer(names.stream().map(text::get).toArray(float[][]::new));
    }
}
