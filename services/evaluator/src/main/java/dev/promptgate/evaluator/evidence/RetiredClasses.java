package dev.promptgate.evaluator.evidence;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** Which classes are retired, and were at any horizon that can still be asked for. Not thread-safe. */
final class RetiredClasses {
    /** By the horizon from which on a set holds. */
    private final TreeMap<Long, Set<String>> since = new TreeMap<>();

    RetiredClasses() {
        since.put(0L, Set.of());
    }

    /** Says of a class whether it is retired, by the record at an offset; false if it was so already. */
    boolean change(String name, boolean isRetired, long offset) {
        Set<String> next = new HashSet<>(now());
        boolean isOther = isRetired ? next.add(name) : next.remove(name);
        if (isOther) {
            since.put(offset + 1, Set.copyOf(next));
        }
        return isOther;
    }

    Set<String> now() {
        return since.lastEntry().getValue();
    }

    /** Those by the records before a horizon; at the last {@link #forgetBefore} at least. */
    Set<String> at(long horizon) {
        return since.floorEntry(horizon).getValue();
    }

    void forgetBefore(long horizon) {
        since.headMap(since.floorKey(horizon)).clear();
    }
}
