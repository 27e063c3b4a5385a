package dev.promptgate.classifier.prompt;

import dev.promptgate.clip.scoring.ClassScorer;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Classes to choose from, and what one prompt makes of them. CLIP's answer is softmax over logitScale · image · textᵀ. Thread-safe. */
public record LabelRanker(List<String> classes, ClassScorer scorer, float logitScale) {
    /** A class and its probability among those asked about. */
    public record Label(String name, double probability) {}

    /** @param text [classes][dim], L2-normalised */
    LabelRanker(List<String> classes, float[][] text, float logitScale) {
        this(classes, new ClassScorer(text), logitScale);
    }

    /** At most {@code top} classes of an image [dim], L2-normalised, the likeliest first; of equal ones the first counts. */
    public List<Label> rank(float[] image, int top) {
        float[] cosines = scorer.score(image);
        double[] likelihoods = new double[cosines.length];
        for (int c = 0; c < cosines.length; c++) {
            likelihoods[c] = logitScale * cosines[c];
        }
        double highest = Arrays.stream(likelihoods).max().orElse(0);
        double sum = 0;
        for (int c = 0; c < likelihoods.length; c++) {
            likelihoods[c] = Math.exp(likelihoods[c] - highest);
            sum += likelihoods[c];
        }
        double total = sum;
        return best(likelihoods, top).mapToObj(c -> new Label(classes.get(c), likelihoods[c] / total)).toList();
    }

    /** Indices of the largest, in order. */
    private static IntStream best(double[] values, int top) {
        PriorityQueue<Integer> least = new PriorityQueue<>(
                (a, b) -> values[a] == values[b] ? Integer.compare(b, a) : Double.compare(values[a], values[b]));
        for (int i = 0; i < values.length; i++) {
            least.add(i);
            if (least.size() > top) {
                least.poll();
            }
        }
        int[] order = new int[least.size()];
        for (int i = order.length - 1; i >= 0; i--) {
            order[i] = least.poll();
        }
        return IntStream.of(order);
    }
}
