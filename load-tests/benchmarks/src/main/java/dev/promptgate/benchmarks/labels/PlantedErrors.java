package dev.promptgate.benchmarks.labels;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.messaging.record.WireName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Labels, as class indices, of which some were made wrong on purpose, and which ones. */
record PlantedErrors(int[] labels, boolean[] wrong) {
    /** What a wrong label is. */
    enum Kind implements WireName {
        /** Any other class, each as likely. */
        SYMMETRIC,
        /** The class whose name is nearest by the hand-written prompt. */
        SIMILAR
    }

    /**
     * Makes a share of the labels wrong.
     *
     * @param text [classes][dim], the text features of the hand-written prompt
     */
    static PlantedErrors into(int[] right, double rate, Kind kind, float[][] text, long seed) {
        Random random = new Random(seed);
        List<Integer> images = new ArrayList<>(IntStream.range(0, right.length).boxed().toList());
        Collections.shuffle(images, random);
        int[] labels = right.clone();
        boolean[] wrong = new boolean[right.length];
        ClassScorer scorer = new ClassScorer(text);
        for (int image : images.subList(0, (int) Math.round(rate * right.length))) {
            wrong[image] = true;
            labels[image] = kind == Kind.SIMILAR ? nearestOther(right[image], text, scorer)
                    : (right[image] + 1 + random.nextInt(text.length - 1)) % text.length;
        }
        return new PlantedErrors(labels, wrong);
    }

    private static int nearestOther(int label, float[][] text, ClassScorer scorer) {
        float[] cosines = scorer.score(text[label]);
        cosines[label] = Float.NEGATIVE_INFINITY;
        return ClassScorer.best(cosines, 0, cosines.length);
    }

    long count() {
        return IntStream.range(0, wrong.length).filter(i -> wrong[i]).count();
    }
}
