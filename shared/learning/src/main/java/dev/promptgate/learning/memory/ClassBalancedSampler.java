package dev.promptgate.learning.memory;

import dev.promptgate.learning.loss.Batch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws batches in which every class stands equally often, up to one: classes in shuffled rounds, the shots of a class likewise.
 * Deterministic in its seed. Not thread-safe.
 */
public final class ClassBalancedSampler {
    /** Endless shuffled rounds over 0 … size − 1. */
    private static final class Rounds {
        private final List<Integer> order = new ArrayList<>();
        private final SplittableRandom random;
        private int at;

        Rounds(int size, SplittableRandom random) {
            this.random = random;
            IntStream.range(0, size).forEach(order::add);
            at = size;
        }

        int next() {
            if (at == order.size()) {
                for (int i = order.size() - 1; i > 0; i--) {
                    Collections.swap(order, i, random.nextInt(i + 1));
                }
                at = 0;
            }
            return order.get(at++);
        }
    }

    private final List<List<Shot>> shotsByClass;
    private final Rounds classes;
    private final List<Rounds> shots = new ArrayList<>();

    /** @param shotsByClass in the order of the classes' indices */
    public ClassBalancedSampler(List<List<Shot>> shotsByClass, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        this.shotsByClass = shotsByClass;
        classes = new Rounds(shotsByClass.size(), random.split());
        shotsByClass.forEach(list -> shots.add(new Rounds(list.size(), random.split())));
    }

    public Batch next(int size) {
        float[][] images = new float[size][];
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            labels[i] = classes.next();
            images[i] = shotsByClass.get(labels[i]).get(shots.get(labels[i]).next()).feature();
        }
        return new Batch(images, labels);
    }
}
