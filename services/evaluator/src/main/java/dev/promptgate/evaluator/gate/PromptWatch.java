package dev.promptgate.evaluator.gate;

import dev.promptgate.evaluator.gate.GateEvent.Answers;
import dev.promptgate.learning.watch.RegressionWatch;
import dev.promptgate.learning.watch.WatchSettings;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Watches the live prompt against the one it replaced on images that arrive after the rollout, each id once in a period. Not thread-safe.
 */
public final class PromptWatch {
    /**
     * Where a watch stands: images from the offset {@code from} in image-features on count, for the present period those from {@code
     * periodFrom} on; an alarm may have been reported that could not be acted on.
     */
    public record State(long from, long periodFrom, boolean isReported, RegressionWatch.State statistics) {}

    private final RegressionWatch statistics;
    private final Set<String> counted = new HashSet<>();
    private final long from;
    private long periodFrom;
    private boolean reported;

    PromptWatch(WatchSettings settings, long from) {
        statistics = new RegressionWatch(settings);
        this.from = from;
        periodFrom = from;
    }

    PromptWatch(WatchSettings settings, State state) {
        statistics = new RegressionWatch(settings, state.statistics());
        from = state.from();
        periodFrom = state.periodFrom();
        reported = state.isReported();
    }

    /** Whether an image is evidence: not probe images of seen classes, and an unseen class only if there is another to tell it from. */
    boolean isEvidence(ImageFeature image, Set<String> unseen) {
        boolean fits = unseen.contains(image.label()) ? unseen.size() > 1 : image.split() != Split.PROBE;
        return fits && !counted.contains(image.imageId());
    }

    /** An image that was counted before the state was kept. */
    void recount(ImageFeature image, long offset, Set<String> unseen) {
        if (offset >= periodFrom && isEvidence(image, unseen)) {
            counted.add(image.imageId());
        }
    }

    void count(ImageFeature image, long offset, boolean isSeen, Answers answers) {
        if (statistics.add(isSeen, answers.live(), answers.other())) { // a new period begins
            counted.clear();
            periodFrom = offset;
        }
        counted.add(image.imageId());
    }

    /** Why the live prompt should go, once that is established. */
    Optional<String> alarm() {
        return statistics.alarm();
    }

    boolean isReported() {
        return reported;
    }

    void reported() {
        reported = true;
    }

    /** Evidence for a regression as a part of what an alarm needs. */
    public double alarmLevel(boolean ofSeen) {
        return statistics.alarmLevel(ofSeen);
    }

    State state() {
        return new State(from, periodFrom, reported, statistics.state());
    }
}
