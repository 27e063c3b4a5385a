package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.PromptEncoder;
import dev.promptgate.learning.prompt.Prompt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Answers single images with one prompt; remembers the text features of the classes it was asked about, in blocks, so that with ten
 * thousand classes a further one costs no more than with a few hundred. Blocking. Not thread-safe.
 */
public final class PromptScorer {
    /** Classes of a block: a further class makes the last block anew. */
    private static final int BLOCK = 256;

    private static final int MOST_LEARNED = 2;

    private record Block(List<String> names, float[][] text, ClassScorer scorer) {
        Block(List<String> names, float[][] text) {
            this(names, text, new ClassScorer(text));
        }
    }

    private final PromptEncoder encoder;
    private final Prompt prompt;
    private final Set<String> known = new HashSet<>();
    /** The sets last asked about, those of seen and of unseen classes: of ten thousand classes not each is looked up for every image. */
    private final Deque<Set<String>> learned = new ArrayDeque<>();
    private final List<Block> blocks = new ArrayList<>();

    public PromptScorer(PromptEncoder encoder, Prompt prompt) {
        this.encoder = encoder;
        this.prompt = prompt;
    }

    /**
     * Whether the prompt names the class of a feature [dim], L2-normalised, among others; of equally near ones the first by name counts.
     *
     * @param among must not change
     */
    public boolean isRight(float[] feature, String label, Set<String> among) {
        learn(among);
        String nearest = null;
        float highest = Float.NEGATIVE_INFINITY;
        for (Block block : blocks) {
            float[] scores = block.scorer().score(feature);
            for (int c = 0; c < scores.length; c++) {
                String name = block.names().get(c);
                boolean isNearer = scores[c] > highest || scores[c] == highest && nearest != null && name.compareTo(nearest) < 0;
                if (isNearer && among.contains(name)) {
                    nearest = name;
                    highest = scores[c];
                }
            }
        }
        return label.equals(nearest);
    }

    private void learn(Set<String> classes) {
        if (learned.stream().anyMatch(set -> set == classes)) {
            return;
        }
        encode(classes);
        learned.addFirst(classes);
        if (learned.size() > MOST_LEARNED) {
            learned.removeLast();
        }
    }

    private void encode(Set<String> classes) {
        List<String> missing = classes.stream().filter(name -> !known.contains(name)).sorted().toList();
        if (missing.isEmpty()) {
            return;
        }
        float[][] features = prompt.features(encoder, missing);
        known.addAll(missing);
        for (int from = 0, to; from < features.length; from = to) {
            boolean isRoom = !blocks.isEmpty() && blocks.get(blocks.size() - 1).names().size() < BLOCK;
            Block last = isRoom ? blocks.remove(blocks.size() - 1) : new Block(List.of(), new float[0][]);
            to = Math.min(features.length, from + BLOCK - last.names().size());
            blocks.add(new Block(Stream.concat(last.names().stream(), missing.subList(from, to).stream()).toList(),
                    Stream.concat(Arrays.stream(last.text()), Arrays.stream(features, from, to)).toArray(float[][]::new)));
        }
    }
}
