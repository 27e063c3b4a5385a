package dev.promptgate.learning.watch;

import dev.promptgate.learning.gate.ErrorBudget;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * Watches the live prompt against the one it replaced, on images that arrive after the rollout: one sequential test for seen classes, one
 * for unseen ones, each with half of the error probability. After a period of images the evidence starts afresh with a smaller share of it,
 * so that a prompt which was good for long is not trusted for ever. Over all periods and both tests the probability of a false alarm is at
 * most 1 − confidence. Not thread-safe.
 */
public final class RegressionWatch {
    /** Where a watch stands: the period, counted from 1, and the images taken in in it. */
    public record State(int period, int images, SequentialTest.State seen, SequentialTest.State unseen) {}

    private final WatchSettings settings;
    private int period;
    private int images;
    private SequentialTest seen;
    private SequentialTest unseen;

    public RegressionWatch(WatchSettings settings) {
        this.settings = settings;
        startPeriod(1);
    }

    /** @throws IllegalArgumentException if the state is none of a watch */
    public RegressionWatch(WatchSettings settings, State state) {
        Validate.isTrue(state.period() >= 1 && state.images() >= 0,
                "The state of a watch has a period from 1 on and no negative number of images");
        this.settings = settings;
        period = state.period();
        images = state.images();
        seen = new SequentialTest(settings.maxSeenDrop(), state.seen());
        unseen = new SequentialTest(settings.maxUnseenDrop(), state.unseen());
    }

    private void startPeriod(int number) {
        period = number;
        images = 0;
        seen = new SequentialTest(settings.maxSeenDrop());
        unseen = new SequentialTest(settings.maxUnseenDrop());
    }

    /** Takes in an image, of a class that the live prompt was trained on or not; whether a new period began with it. */
    public boolean add(boolean isSeen, boolean liveRight, boolean replacedRight) {
        boolean begins = images >= settings.periodImages();
        if (begins) {
            startPeriod(period + 1);
        }
        images++;
        (isSeen ? seen : unseen).add(liveRight, replacedRight);
        return begins;
    }

    /** The sentence that says which classes regress, once that is established. */
    public Optional<String> alarm() {
        if (seen.isEstablished(alpha())) {
            return Optional.of(sentence("seen", seen, settings.maxSeenDrop()));
        }
        return unseen.isEstablished(alpha()) ? Optional.of(sentence("unseen", unseen, settings.maxUnseenDrop())) : Optional.empty();
    }

    private String sentence(String which, SequentialTest test, double allowed) {
        SequentialTest.State state = test.state();
        return String.format(Locale.ROOT,
                "%s classes regress under watch: of %d images since the rollout the live prompt won %d and lost %d against the one it "
                        + "replaced (allowed %+.1f points; evidence %.0f : 1, needed %.0f : 1)",
                which, images, state.gained(), state.lost(), -100 * allowed, Math.exp(test.logEvidence()), 1 / alpha());
    }

    private double alpha() {
        return ErrorBudget.inPeriod(1 - settings.confidence(), period) / 2;
    }

    /** Evidence for a regression as a fraction of what an alarm needs, on the logarithmic scale; below 0 speaks against one. */
    public double alarmLevel(boolean ofSeen) {
        return (ofSeen ? seen : unseen).logEvidence() / -Math.log(alpha());
    }

    public State state() {
        return new State(period, images, seen.state(), unseen.state());
    }
}
