package dev.promptgate.classifier.shadow;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a candidate and a live prompt answered the same images. Not thread-safe. */
final class ShadowTally {
    /** An answer that changed, and how often. */
    record Change(String live, String candidate, int images) {}

    private static final int MAX_REMEMBERED = 10_000;

    private final Map<List<String>, Integer> changes = new HashMap<>();
    private final long liveVersion;
    private final long candidateVersion;
    private long images;
    private long agreed;
    private long agreedAmongLive;

    ShadowTally(long liveVersion, long candidateVersion) {
        this.liveVersion = liveVersion;
        this.candidateVersion = candidateVersion;
    }

    /**
     * An image.
     *
     * @param candidate its first label among all classes it knows
     * @param candidateAmongLive its first label among the live prompt's classes
     */
    void add(String live, String candidate, String candidateAmongLive) {
        images++;
        agreedAmongLive += live.equals(candidateAmongLive) ? 1 : 0;
        if (live.equals(candidate)) {
            agreed++;
        } else if (changes.size() < MAX_REMEMBERED || changes.containsKey(List.of(live, candidate))) {
            changes.merge(List.of(live, candidate), 1, Integer::sum);
        }
    }

    boolean isOf(long live, long candidate) {
        return liveVersion == live && candidateVersion == candidate;
    }

    long liveVersion() {
        return liveVersion;
    }

    long candidateVersion() {
        return candidateVersion;
    }

    long images() {
        return images;
    }

    long agreed() {
        return agreed;
    }

    long agreedAmongLive() {
        return agreedAmongLive;
    }

    /** The most frequent changes first. */
    List<Change> changes(int most) {
        return changes.entrySet().stream().map(entry -> new Change(entry.getKey().get(0), entry.getKey().get(1), entry.getValue()))
                .sorted(Comparator.comparingInt(Change::images).reversed().thenComparing(Change::live).thenComparing(Change::candidate))
                .limit(most).toList();
    }
}
