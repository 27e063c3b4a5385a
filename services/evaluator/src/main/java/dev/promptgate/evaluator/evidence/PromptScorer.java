package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.TextEncoder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers single images with one prompt; remembers the text features of the classes it was asked about. Blocking. Not thread-safe. */
public final class PromptScorer {
    private final TextEncoder encoder;
    private final Context context;
    private final Map<String, float[]> text = new HashMap<>();

    public PromptScorer(TextEncoder encoder, Context context) {
        this.encoder = encoder;
        this.context = context;
    }

    /**
     * Whether the prompt names the class among others; of equally near ones the first by name counts.
     *
     * @param feature [dim], L2-normalised
     */
    public boolean isRight(float[] feature, String label, Collection<String> among) {
        learn(among);
        String best = null;
        float highest = Float.NEGATIVE_INFINITY;
        for (String name : among) {
            float score = dot(feature, text.get(name));
            if (score > highest || score == highest && name.compareTo(best) < 0) {
                highest = score;
                best = name;
            }
        }
        return label.equals(best);
    }

    private void learn(Collection<String> names) {
        List<String> missing = names.stream().filter(name -> !text.containsKey(name)).sorted().toList();
        if (!missing.isEmpty()) {
            float[][] features = encoder.features(context, encoder.prompts(missing, context.tokens()));
            for (int i = 0; i < features.length; i++) {
                text.put(missing.get(i), features[i]);
            }
        }
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
