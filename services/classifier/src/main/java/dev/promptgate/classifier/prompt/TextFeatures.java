package dev.promptgate.classifier.prompt;

import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.prompt.Prompt;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Text features of classes by one prompt; remembers the last, up to a bound. Thread-safe; two threads may compute the same. */
public final class TextFeatures {
    private final TextEncoder encoder;
    private final Prompt prompt;
    private final Map<String, float[]> remembered;

    /** @param capacity classes to remember */
    public TextFeatures(TextEncoder encoder, Prompt prompt, int capacity) {
        this.encoder = encoder;
        this.prompt = prompt;
        remembered = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
                return size() > capacity;
            }
        };
    }

    /** [classes][dim] if all are remembered; does not compute. */
    public Optional<float[][]> remembered(List<String> classes) {
        float[][] features = lookUp(classes);
        return Arrays.asList(features).contains(null) ? Optional.empty() : Optional.of(features);
    }

    /** [classes][dim] of classes, each once; computes what is not remembered. An IllegalArgumentException names one without a prompt. */
    public float[][] of(List<String> classes) {
        float[][] features = lookUp(classes);
        int[] missing = IntStream.range(0, features.length).filter(i -> features[i] == null).toArray();
        if (missing.length > 0) {
            List<String> names = Arrays.stream(missing).mapToObj(classes::get).toList();
            float[][] computed = prompt.features(encoder, names);
            for (int i = 0; i < missing.length; i++) {
                features[missing[i]] = computed[i];
            }
            remember(names, computed);
        }
        return features;
    }

    private synchronized float[][] lookUp(List<String> classes) {
        return classes.stream().map(remembered::get).toArray(float[][]::new);
    }

    private synchronized void remember(List<String> classes, float[][] features) {
        for (int i = 0; i < features.length; i++) {
            remembered.put(classes.get(i), features[i]);
        }
    }
}
