package dev.promptgate.learning.memory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * At most {@code shots} images a class, a uniform sample of the distinct images that belong to it.
 *
 * <p>The sample is the images whose seeded hash of the id is smallest (bottom-k sampling). Unlike a reservoir driven by a random generator
 * it depends on the set of images alone, not on their order, their repetition or a restart in between. Images that are relabelled or taken
 * back leave gaps, so as many again are kept in reserve; only a class that loses more than its reserve stands with fewer shots until new
 * images come. Not thread-safe.
 */
public final class FewShotMemory {
    /** What became of an image that was offered. */
    public enum Outcome {
        ADDED,
        /** It, or what its id was before, changed the sample otherwise. */
        REPLACED,
        IGNORED
    }

    public enum Place {
        /** Among those that are trained on. */
        SAMPLE,
        RESERVE,
        /** Not held: enough images of its class come before it, or it was never offered. */
        NONE
    }

    private final int shots;
    private final long seed;
    private final Map<String, ClassShots> byLabel = new TreeMap<>();
    private final Map<String, String> labelById = new HashMap<>();

    /** @param shots the most images of a class in the sample */
    public FewShotMemory(int shots, long seed) {
        this.shots = shots;
        this.seed = seed;
    }

    /** Offers an image; an id counts once, and a relabelled id moves to its new class. */
    public Outcome add(Shot shot) {
        long rank = rank(shot.imageId());
        if (shot.label().equals(labelById.get(shot.imageId()))) {
            return byLabel.get(shot.label()).replace(rank, shot) ? Outcome.REPLACED : Outcome.IGNORED;
        }
        boolean left = remove(shot.imageId()) == Outcome.REPLACED;
        labelById.put(shot.imageId(), shot.label());
        byLabel.computeIfAbsent(shot.label(), label -> new ClassShots(shots)).add(rank, shot).ifPresent(labelById::remove);
        return left ? Outcome.REPLACED : placeOf(shot.imageId()) == Place.SAMPLE ? Outcome.ADDED : Outcome.IGNORED;
    }

    /** Takes an image back: its id no longer trains. */
    public Outcome remove(String imageId) {
        String held = labelById.remove(imageId);
        return held != null && byLabel.get(held).remove(rank(imageId), imageId) ? Outcome.REPLACED : Outcome.IGNORED;
    }

    /** Empty if the image is not held. */
    public Optional<String> labelOf(String imageId) {
        return Optional.ofNullable(labelById.get(imageId));
    }

    public Place placeOf(String imageId) {
        String held = labelById.get(imageId);
        if (held == null) {
            return Place.NONE;
        }
        return byLabel.get(held).isSampled(rank(imageId), imageId) ? Place.SAMPLE : Place.RESERVE;
    }

    /** Images now in the sample of a class. */
    public int size(String label) {
        ClassShots held = byLabel.get(label);
        return held == null ? 0 : held.sampleSize();
    }

    /** Images now in the samples of all classes. */
    public int size() {
        return byLabel.values().stream().mapToInt(ClassShots::sampleSize).sum();
    }

    /** Classes with at least {@code minShots} images, in the order of their names. */
    public List<String> classesWith(int minShots) {
        return labels(minShots).toList();
    }

    /** The same, one after another for whoever needs a few. */
    public Stream<String> labels(int minShots) {
        return byLabel.entrySet().stream().filter(e -> e.getValue().sampleSize() >= minShots).map(Map.Entry::getKey);
    }

    /** The images of a class, in an order that depends on their ids only. */
    public List<Shot> shots(String label) {
        ClassShots held = byLabel.get(label);
        return held == null ? List.of() : held.sample();
    }

    private long rank(String imageId) {
        long hash = seed ^ 0x9E3779B97F4A7C15L;
        for (int i = 0; i < imageId.length(); i++) {
            hash = mix(hash + imageId.charAt(i));
        }
        return hash;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
