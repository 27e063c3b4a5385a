package dev.promptgate.benchmarks.labels;

import dev.promptgate.learning.suspect.Prediction;
import dev.promptgate.learning.suspect.Suspect;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well one prompt's suspects are the planted errors among some images.
 *
 * @param figures by name; shares are fractions
 */
public record Detection(String errors, double rate, long seed, String prompt, String images, Map<String, Double> figures) {
    private static final int[] TOP = {50, 100};

    /** Of the predictions for images with these labels, the right ones of which are {@code right}. */
    static Map<String, Double> figures(List<Prediction> predictions, PlantedErrors planted, int[] right, List<String> classes) {
        List<Suspect> suspects = Suspect.among(predictions, classes);
        List<Integer> found = suspects.stream().map(Suspect::image).toList();
        List<Integer> others = IntStream.range(0, predictions.size())
                .filter(i -> predictions.get(i).classes()[0] != predictions.get(i).label()).boxed().toList();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("planted", (double) planted.count());
        figures.put("suspects", (double) suspects.size());
        figures.put("precision", precision(found, found.size(), planted));
        figures.put("recall", recall(found, planted));
        for (int top : TOP) {
            figures.put("precision_at_" + top, precision(found, top, planted));
        }
        List<Integer> bySelfConfidence = suspects.stream().sorted(Comparator.comparingDouble(Suspect::selfConfidence)).map(Suspect::image)
                .toList();
        figures.put("precision_at_100_by_self_confidence", precision(bySelfConfidence, 100, planted));
        figures.put("right_suggestions", suspects.stream().filter(suspect -> planted.wrong()[suspect.image()])
                .mapToInt(suspect -> suspect.suggested() == right[suspect.image()] ? 1 : 0).average().orElse(Double.NaN));
        figures.put("disagreement_precision", precision(others, others.size(), planted));
        figures.put("disagreement_recall", recall(others, planted));
        figures.put("self_confidence_of_planted", IntStream.range(0, predictions.size()).filter(i -> planted.wrong()[i])
                .mapToDouble(i -> predictions.get(i).selfConfidence()).average().orElse(Double.NaN));
        return figures;
    }

    /** The share of errors among the first so many, or among all if there are fewer; NaN if there is none. */
    private static double precision(List<Integer> found, int most, PlantedErrors planted) {
        return found.stream().limit(most).mapToInt(image -> planted.wrong()[image] ? 1 : 0).average().orElse(Double.NaN);
    }

    private static double recall(List<Integer> found, PlantedErrors planted) {
        return (double) found.stream().filter(image -> planted.wrong()[image]).count() / planted.count();
    }
}
