package dev.promptgate.classifier.shadow;

import dev.promptgate.messaging.report.ShadowReport;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a candidate and a live prompt answered the same images. Not thread-safe. */
final class ShadowTally {
    private static final int MAX_REMEMBERED = 10_000;
    private static final int MOST_CHANGES = 20;

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

    /** An empty tally of the same two prompts. */
    ShadowTally restarted() {
        return new ShadowTally(liveVersion, candidateVersion);
    }

    /** An image, with the candidate's first label among all classes it knows, and among the live prompt's classes. */
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

    long images() {
        return images;
    }

    /** The part of the images on which both agree; NaN without any. */
    double agreement() {
        return (double) agreed / images;
    }

    /** What there is to tell of the time from … to, epoch milliseconds, in which so many images were passed over. */
    ShadowReport report(String prompt, String model, long from, long to, long dropped) {
        List<ShadowReport.Change> mostFrequent = changes.entrySet().stream()
                .map(entry -> new ShadowReport.Change(entry.getKey().get(0), entry.getKey().get(1), entry.getValue()))
                .sorted(Comparator.comparingInt(ShadowReport.Change::images).reversed().thenComparing(ShadowReport.Change::live)
                        .thenComparing(ShadowReport.Change::candidate))
                .limit(MOST_CHANGES).toList();
        return new ShadowReport(prompt, model, new ShadowReport.Asked(liveVersion, candidateVersion, from, to),
                new ShadowReport.Tally(images, agreed, agreedAmongLive, dropped), mostFrequent);
    }
}
