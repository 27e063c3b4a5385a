package dev.promptgate.experiments.features;

import dev.promptgate.clip.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Draws the training images of a run: of each class those whose hash of seed and id is smallest (bottom-k). What a class gets depends on
 * its own images and the seed alone, and fewer shots are a part of more shots.
 */
public final class Shots {
    private record Ranked(long rank, Sample sample) {}

    private static final Comparator<Ranked> BY_RANK = Comparator.<Ranked>comparingLong(Ranked::rank)
            .thenComparing(ranked -> ranked.sample().id());

    private Shots() {}

    /** Shots of every class, the set's own indices. */
    public static List<Sample> draw(FeatureSet set, int shots, long seed) {
        return draw(set, IntStream.range(0, set.classes().size()).boxed().toList(), shots, seed);
    }

    /**
     * Shots of some classes, in their order.
     *
     * @param classIndices indices into the set's classes; a sample's index is the place in this list
     * @param shots of a class with fewer training images, all are taken: see {@link #fewer}
     */
    public static List<Sample> draw(FeatureSet set, List<Integer> classIndices, int shots, long seed) {
        List<List<Ranked>> byClass = new ArrayList<>();
        set.classes().forEach(name -> byClass.add(new ArrayList<>()));
        Set<Integer> wanted = Set.copyOf(classIndices);
        set.train().stream().filter(sample -> wanted.contains(sample.classIndex()))
                .forEach(sample -> byClass.get(sample.classIndex()).add(new Ranked(rank(seed, sample.id()), sample)));
        List<Sample> drawn = new ArrayList<>();
        for (int task = 0; task < classIndices.size(); task++) {
            int index = task;
            byClass.get(classIndices.get(task)).stream().sorted(BY_RANK).limit(shots)
                    .forEach(ranked -> drawn.add(new Sample(ranked.sample().id(), index, ranked.sample().views())));
        }
        return drawn;
    }

    /** Names the classes that have fewer training images than {@code shots}, with how many they have. */
    public static List<String> fewer(FeatureSet set, int shots) {
        int[] counts = new int[set.classes().size()];
        set.train().forEach(sample -> counts[sample.classIndex()]++);
        return IntStream.range(0, counts.length).filter(c -> counts[c] < shots)
                .mapToObj(c -> "%s (%d)".formatted(set.classes().get(c), counts[c])).toList();
    }

    private static long rank(long seed, String id) {
        return ByteBuffer.wrap(Sha256.of((seed + " " + id).getBytes(StandardCharsets.UTF_8))).getLong();
    }
}
