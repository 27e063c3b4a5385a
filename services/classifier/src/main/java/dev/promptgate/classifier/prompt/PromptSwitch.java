package dev.promptgate.classifier.prompt;

import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.PromptFollower.PromptListener;
import dev.promptgate.follower.RefusedPromptException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prompt that answers. A new one takes its place in one step, once all its text features are computed, which happens on the follower's
 * thread; whoever has taken the old one answers with it. Any thread asks.
 */
public final class PromptSwitch implements PromptListener {
    private static final Logger LOG = LoggerFactory.getLogger(PromptSwitch.class);

    private final Function<LivePrompt, PromptClassifier> prepare;
    private final ClassifierMeters meters;
    private final AtomicReference<PromptClassifier> current = new AtomicReference<>();

    /** @param prepare makes a prompt ready to answer; called on the follower's thread */
    public PromptSwitch(Function<LivePrompt, PromptClassifier> prepare, ClassifierMeters meters) {
        this.prepare = prepare;
        this.meters = meters;
    }

    @Override
    public void onPrompt(LivePrompt live) {
        long began = System.nanoTime();
        PromptClassifier next = prepare.apply(live);
        current.set(next);
        long nanos = System.nanoTime() - began;
        meters.live(live, next.own().classes().size(), nanos);
        LOG.info("Answers with another prompt [prompt: {}, version: {}, classes: {}, milliseconds: {}]", live.name(), live.version(),
                next.own().classes().size(), TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    @Override
    public void onRefused(RefusedPromptException why) {
        meters.increment(ClassifierMeters.REFUSED, why.refusal());
    }

    /** Empty until the live prompt has been read for the first time. */
    public Optional<PromptClassifier> current() {
        return Optional.ofNullable(current.get());
    }
}
