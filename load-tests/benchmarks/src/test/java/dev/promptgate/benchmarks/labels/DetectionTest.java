package dev.promptgate.benchmarks.labels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.promptgate.benchmarks.labels.PlantedErrors.Kind;
import dev.promptgate.learning.suspect.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DetectionTest {
    private static final float[][] TEXT = {{1, 0}, {0.8f, 0.6f}, {0, 1}};

    @Test
    void aShareOfTheLabelsIsWrongAndTheSeedSaysWhich() {
        int[] right = IntStream.range(0, 300).map(i -> i % 3).toArray();
        for (Kind kind : Kind.values()) {
            PlantedErrors planted = PlantedErrors.into(right, 0.2, kind, TEXT, 7);
            assertEquals(60, planted.count());
            for (int i = 0; i < right.length; i++) {
                assertEquals(planted.wrong()[i], planted.labels()[i] != right[i]);
                if (kind == Kind.SIMILAR && planted.wrong()[i]) {
                    assertEquals(right[i] == 1 ? 0 : 1, planted.labels()[i], "the nearest other name");
                }
            }
            assertArrayEquals(planted.labels(), PlantedErrors.into(right, 0.2, kind, TEXT, 7).labels());
            assertFalse(Arrays.equals(planted.labels(), PlantedErrors.into(right, 0.2, kind, TEXT, 8).labels()));
        }
    }

    /** Of ten images of two classes the fourth and the tenth are suspect; the tenth and the fifth were made wrong. */
    @Test
    void precisionAndRecallCountPlantedErrors() {
        List<Prediction> predictions = new ArrayList<>();
        boolean[] wrong = new boolean[10];
        int[] labels = new int[10];
        for (int i = 0; i < 10; i++) {
            labels[i] = i < 5 ? 0 : 1;
            double own = i == 3 ? 0.2 : i == 9 ? 0.1 : 0.8;
            int[] order = own > 0.5 ? new int[] {labels[i], 1 - labels[i]} : new int[] {1 - labels[i], labels[i]};
            predictions.add(new Prediction(labels[i], own, order, new double[] {Math.max(own, 1 - own), Math.min(own, 1 - own)}));
        }
        wrong[4] = true;
        wrong[9] = true;
        int[] right = labels.clone();
        right[4] = 1;
        right[9] = 0;
        Map<String, Double> figures = Detection.figures(predictions, new PlantedErrors(labels, wrong), right, List.of("cat", "dog"));
        assertEquals(Map.of("planted", 2.0, "suspects", 2.0, "precision", 0.5, "recall", 0.5, "precision_at_50", 0.5, "right_suggestions",
                1.0, "disagreement_precision", 0.5, "disagreement_recall", 0.5),
                Map.copyOf(figures).entrySet().stream()
                        .filter(figure -> !figure.getKey().contains("100") && !figure.getKey().contains("self"))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        assertEquals(0.45, figures.get("self_confidence_of_planted"), 1e-12);
    }
}
