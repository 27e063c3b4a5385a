package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.evaluator.evidence.PromptScorer;
import dev.promptgate.learning.watch.RegressionWatch;
import dev.promptgate.learning.watch.WatchSettings;
import dev.promptgate.messaging.record.ImageFeature;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Watches the live prompt against the one it replaced on images that arrive after the rollout, each id once in a period. Not thread-safe.
 */
final class LiveWatch {
    /**
     * Where a watch stands.
     *
     * @param from offset in image-features: images from there on count
     * @param periodFrom the same for the present period
     * @param isReported whether an alarm was reported that could not be acted on
     */
    record State(long from, long periodFrom, boolean isReported, RegressionWatch.State statistics) {}

    private final PromptScorer live;
    private final PromptScorer replaced;
    private final List<String> seen;
    private final RegressionWatch statistics;
    private final Set<String> counted = new HashSet<>();
    private final long from;
    private long periodFrom;
    private boolean reported;

    LiveWatch(WatchSettings settings, KnownPrompt livePrompt, PromptScorer live, PromptScorer replaced, long from) {
        this(livePrompt, live, replaced, from, new RegressionWatch(settings));
        periodFrom = from;
    }

    LiveWatch(WatchSettings settings, KnownPrompt livePrompt, PromptScorer live, PromptScorer replaced, State state) {
        this(livePrompt, live, replaced, state.from(), new RegressionWatch(settings, state.statistics()));
        periodFrom = state.periodFrom();
        reported = state.isReported();
    }

    private LiveWatch(KnownPrompt livePrompt, PromptScorer live, PromptScorer replaced, long from, RegressionWatch statistics) {
        seen = livePrompt.classes();
        this.live = live;
        this.replaced = replaced;
        this.from = from;
        this.statistics = statistics;
    }

    /** An image that was taken in before the state was kept: it has been counted. */
    void replay(ImageFeature image, long offset) {
        if (offset >= periodFrom) {
            counted.add(image.imageId());
        }
    }

    /** @param unseen the classes that the live prompt was not trained on */
    void observe(ImageFeature image, boolean isProbe, long offset, Set<String> unseen) {
        boolean isSeen = !unseen.contains(image.label());
        if (isSeen && isProbe || !isSeen && unseen.size() < 2 || counted.contains(image.imageId())) {
            return;
        }
        List<String> among = isSeen ? seen : List.copyOf(unseen);
        boolean begins = statistics.add(isSeen, live.isRight(image.feature(), image.label(), among),
                replaced.isRight(image.feature(), image.label(), among));
        if (begins) {
            counted.clear();
            periodFrom = offset;
        }
        counted.add(image.imageId());
    }

    /** Why the live prompt should go, once that is established. */
    Optional<String> alarm() {
        return statistics.alarm();
    }

    double alarmLevel(boolean ofSeen) {
        return statistics.alarmLevel(ofSeen);
    }

    boolean reportOnce() {
        boolean first = !reported;
        reported = true;
        return first;
    }

    State state() {
        return new State(from, periodFrom, reported, statistics.state());
    }
}
