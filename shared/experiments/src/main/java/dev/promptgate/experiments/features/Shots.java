package dev.promptgate.experiments.features;

import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.experiments.features.FeatureSet.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

    /**
     * Shots of some classes, given by their indices into the set's; a sample's index is the place in this list. Of a class with fewer
     * training images all are taken: see {@link #fewer}.
     */
    public static List<Sample> draw(FeatureSet set, List<Integer> classIndices, int shots, long seed) {
        Map<Integer, List<Ranked>> byClass = set.train().stream().map(sample -> new Ranked(rank(seed, sample.id()), sample)).sorted(BY_RANK)
                .collect(Collectors.groupingBy(ranked -> ranked.sample().classIndex()));
        return IntStream.range(0, classIndices.size()).boxed()
                .flatMap(index -> byClass.getOrDefault(classIndices.get(index), List.of()).stream().limit(shots)
                        .map(ranked -> new Sample(ranked.sample().id(), index, ranked.sample().views())))
                .toList();
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
