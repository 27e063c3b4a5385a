package dev.promptgate.learning.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The images of one class with the smallest ranks: the sample, and as many again in reserve. Exact however images come and go: once
 * something was let go for want of room, only ranks below it are held, so that what is held are the smallest of all there are. Not
 * thread-safe.
 */
final class ClassShots {
    private record Slot(long rank, String imageId, Shot shot) implements Comparable<Slot> {
        @Override
        public int compareTo(Slot other) {
            int byRank = Long.compareUnsigned(rank, other.rank);
            return byRank != 0 ? byRank : imageId.compareTo(other.imageId);
        }
    }

    private final int size;
    private final List<Slot> slots = new ArrayList<>();
    private Slot smallestEvicted;

    ClassShots(int size) {
        this.size = size;
    }

    /** The id that is not held now: another that had to go, or its own. */
    Optional<String> add(long rank, Shot shot) {
        Slot slot = new Slot(rank, shot.imageId(), shot);
        if (smallestEvicted != null && slot.compareTo(smallestEvicted) >= 0) {
            return Optional.of(shot.imageId());
        }
        slots.add(-Collections.binarySearch(slots, slot) - 1, slot);
        if (slots.size() <= 2 * size) {
            return Optional.empty();
        }
        Slot last = slots.remove(2 * size);
        smallestEvicted = new Slot(last.rank(), last.imageId(), null);
        return Optional.of(last.imageId());
    }

    /** Puts another feature in the place of an id that is held; true if that changed the sample. */
    boolean replace(long rank, Shot shot) {
        Slot slot = new Slot(rank, shot.imageId(), shot);
        int at = Collections.binarySearch(slots, slot);
        boolean same = Arrays.equals(slots.set(at, slot).shot().feature(), shot.feature());
        return !same && at < size;
    }

    /** True if it was in the sample. */
    boolean remove(long rank, String imageId) {
        int at = Collections.binarySearch(slots, new Slot(rank, imageId, null));
        slots.remove(at);
        return at < size;
    }

    /** Whether an id that is held is in the sample, not in reserve. */
    boolean isSampled(long rank, String imageId) {
        return Collections.binarySearch(slots, new Slot(rank, imageId, null)) < size;
    }

    /** The sample, in the order of ranks. */
    List<Shot> sample() {
        return slots.stream().limit(size).map(Slot::shot).toList();
    }

    int sampleSize() {
        return Math.min(size, slots.size());
    }
}
