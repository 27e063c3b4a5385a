package dev.promptgate.learning.suspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.clip.scoring.ClassScorer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuspectTest {
    private static final List<String> ANIMALS = List.of("cat", "dog", "cow");

    /** p(k|x) of all three. */
    private static Prediction of(int label, double... p) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, p.length).boxed().toList());
        order.sort(Comparator.comparingDouble(k -> -p[k]));
        return new Prediction(label, p[label], order.stream().mapToInt(k -> k).toArray(),
                order.stream().mapToDouble(k -> p[k]).toArray());
    }

    /** Thresholds: cat (0.9 + 0.7 + 0.2) / 3 = 0.6, dog 0.5. */
    @Test
    void anImageIsSuspectIfTheMostProbableClassAboveItsThresholdIsAnother() {
        List<Suspect> found = Suspect.among(List.of(of(0, 0.9, 0.1, 0), of(0, 0.7, 0.3, 0), of(0, 0.2, 0.8, 0), of(1, 0.5, 0.5, 0),
                of(1, 0.55, 0.45, 0), of(1, 0.45, 0.55, 0)), ANIMALS);
        assertEquals(1, found.size(), "the fifth is taken for a cat with less than cats have on average: " + found);
        assertEquals(2, found.get(0).image());
        assertEquals(1, found.get(0).suggested());
        assertEquals(-0.6, found.get(0).margin(), 1e-12);
    }

    /** Whoever looked at the most probable class alone would find nothing but suspects among dogs. */
    @Test
    void aClassThatThePromptExaggeratesDoesNotTakeAllImages() {
        List<Prediction> images = new ArrayList<>(Collections.nCopies(10, of(0, 0.95, 0.05, 0)));
        images.addAll(Collections.nCopies(9, of(1, 0.6, 0.4, 0)));
        images.add(of(1, 0.97, 0.03, 0));
        assertEquals(List.of(19), Suspect.among(images, ANIMALS).stream().map(Suspect::image).toList());
    }

    @Test
    void theNextClassAboveItsThresholdIsSuggestedIfTheMostProbableIsBelow() {
        List<Suspect> found = Suspect.among(List.of(of(0, 1, 0, 0), of(1, 0.1, 0.6, 0.3), of(2, 0.5, 0.42, 0.08), of(2, 0.1, 0.1, 0.8),
                of(1, 0.1, 0.2, 0.7)), ANIMALS);
        assertEquals(List.of(4, 2), found.stream().map(Suspect::image).toList(), "the most suspect first");
        assertEquals(List.of(2, 1), found.stream().map(Suspect::suggested).toList(),
                "0.42 is above the dogs' mean of 0.4, 0.5 below the cats'");
    }

    @Test
    void aClassWithoutImagesAndAnotherSpellingAreNeverSuggested() {
        assertEquals(List.of(), Suspect.among(List.of(of(0, 0.1, 0.9, 0), of(0, 0.2, 0.8, 0)), ANIMALS));
        assertEquals(List.of(), Suspect.among(List.of(of(0, 0.1, 0.9), of(1, 0.2, 0.8)), List.of("Cat", "cat")));
        assertEquals(List.of(), Suspect.among(List.of(), ANIMALS));
    }

    @Test
    void probabilitiesAreTheSoftmaxOverAllClassesAndTheGreatestAreKept() {
        Random random = new Random(3);
        float[][] text = new float[40][8];
        for (float[] row : text) {
            for (int d = 0; d < row.length; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        text[31] = text[4].clone();
        float[] image = text[4].clone();
        Prediction prediction = Prediction.of(image, 17, new ClassScorer(text), 0.5f);
        double[] p = new double[40];
        double sum = 0;
        for (int k = 0; k < 40; k++) {
            double logit = 0;
            for (int d = 0; d < 8; d++) {
                logit += 0.5 * image[d] * text[k][d];
            }
            sum += p[k] = Math.exp(logit);
        }
        for (int k = 0; k < 40; k++) {
            p[k] /= sum;
        }
        int[] order = IntStream.range(0, 40).boxed().sorted(Comparator.comparingDouble(k -> -p[k])).limit(Prediction.MOST)
                .mapToInt(k -> k).toArray();
        assertArrayEquals(order, prediction.classes());
        assertEquals(List.of(4, 31), List.of(order[0], order[1]), "of equal ones the first");
        assertEquals(p[17], prediction.selfConfidence(), 1e-6);
        for (int i = 0; i < order.length; i++) {
            assertEquals(p[order[i]], prediction.probabilities()[i], 1e-6);
        }
    }
}
