package dev.promptgate.learning.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * At most {@code shots} images a class, a uniform sample of all distinct images seen.
 *
 * <p>The sample is the images whose seeded hash of the id is smallest (bottom-k sampling). Unlike a reservoir driven by a random
 * generator it depends on the set of images alone, not on their order, their repetition or a restart in between. Not thread-safe.
 */
public final class FewShotMemory {
    /** What became of an image that was offered. */
    public enum Outcome {
        /** It is in memory now. */
        ADDED,
        /** Its id was there with another label or feature; it stands at its new place. */
        REPLACED,
        /** It was there already, or the sample of its class does not hold it. */
        IGNORED
    }

    private record Slot(long rank, Shot shot) implements Comparable<Slot> {
        @Override
        public int compareTo(Slot other) {
            int byRank = Long.compareUnsigned(rank, other.rank);
            return byRank != 0 ? byRank : shot.imageId().compareTo(other.shot.imageId());
        }
    }

    private final int capacity;
    private final long seed;
    private final Map<String, List<Slot>> slotsByLabel = new TreeMap<>();
    private final Map<String, String> labelById = new HashMap<>();

    /** @param shots the most images kept a class */
    public FewShotMemory(int shots, long seed) {
        this.capacity = shots;
        this.seed = seed;
    }

    /** Offers an image; an id counts once, and a relabelled id moves to its new class. */
    public Outcome add(Shot shot) {
        String held = labelById.get(shot.imageId());
        if (shot.label().equals(held)) {
            return refresh(shot);
        }
        if (held != null) {
            remove(held, shot.imageId());
        }
        List<Slot> slots = slotsByLabel.computeIfAbsent(shot.label(), label -> new ArrayList<>());
        Slot slot = new Slot(rank(shot.imageId()), shot);
        int at = -Collections.binarySearch(slots, slot) - 1;
        if (at >= capacity) {
            return held == null ? Outcome.IGNORED : Outcome.REPLACED;
        }
        slots.add(at, slot);
        labelById.put(shot.imageId(), shot.label());
        if (slots.size() > capacity) {
            labelById.remove(slots.remove(capacity).shot().imageId());
        }
        return held == null ? Outcome.ADDED : Outcome.REPLACED;
    }

    private Outcome refresh(Shot shot) {
        List<Slot> slots = slotsByLabel.get(shot.label());
        Slot slot = new Slot(rank(shot.imageId()), shot);
        int at = Collections.binarySearch(slots, slot);
        boolean same = java.util.Arrays.equals(slots.get(at).shot().feature(), shot.feature());
        slots.set(at, slot);
        return same ? Outcome.IGNORED : Outcome.REPLACED;
    }

    private void remove(String label, String imageId) {
        List<Slot> slots = slotsByLabel.get(label);
        slots.removeIf(slot -> slot.shot().imageId().equals(imageId));
        labelById.remove(imageId);
        if (slots.isEmpty()) {
            slotsByLabel.remove(label);
        }
    }

    /** Images now held of a class. */
    public int size(String label) {
        return slotsByLabel.getOrDefault(label, List.of()).size();
    }

    /** Images now held in all. */
    public int size() {
        return labelById.size();
    }

    /** Classes with at least {@code minShots} images, in the order of their names. */
    public List<String> classesWith(int minShots) {
        return slotsByLabel.entrySet().stream().filter(e -> e.getValue().size() >= minShots).map(Map.Entry::getKey).toList();
    }

    /** The images of a class, in an order that depends on their ids only. */
    public List<Shot> shots(String label) {
        return slotsByLabel.getOrDefault(label, List.of()).stream().map(Slot::shot).toList();
    }

    private long rank(String imageId) {
        long hash = seed ^ 0x9E3779B97F4A7C15L;
        for (int i = 0; i < imageId.length(); i++) {
            hash = mix(hash + imageId.charAt(i));
        }
        return hash;
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
