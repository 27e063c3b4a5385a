package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.evaluator.evidence.Comparison.Role;
import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.evaluator.evidence.PromptScorer;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.learning.watch.WatchSettings;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The live prompt, and how it has done since it is live: watch, prequential accuracy, accuracies over the waves. Not thread-safe. */
final class LiveRecord {
    private final TextEncoder encoder;
    private final WatchSettings watchSettings;
    private final LivePrompts prompts;
    private final PromptScorer handWritten;
    private final Prequential prequential = new Prequential();
    private WaveAccuracies waves = new WaveAccuracies();
    private WaveAccuracies handWrittenWaves = new WaveAccuracies();
    private PromptScorer live;
    private LiveWatch watch;
    private long since;

    LiveRecord(TextEncoder encoder, WatchSettings watchSettings, LivePrompts prompts) {
        this.encoder = encoder;
        this.watchSettings = watchSettings;
        this.prompts = prompts;
        handWritten = new PromptScorer(encoder, prompts.handWritten().context());
        live = scorer(prompts.current());
    }

    private PromptScorer scorer(KnownPrompt prompt) {
        return prompt.version() == 0 ? handWritten : new PromptScorer(encoder, prompt.context());
    }

    void resume(GateState state, GateState.Waves earlier) {
        since = state.liveSince();
        prequential.resume(state.prequential());
        waves = new WaveAccuracies(earlier.live());
        handWrittenWaves = new WaveAccuracies(earlier.handWritten());
        if (state.watch() != null && prompts.current() != prompts.lastGood()) {
            watch = new LiveWatch(watchSettings, prompts.current(), live, scorer(prompts.lastGood()), state.watch());
        }
    }

    /** An image that had been taken in before. */
    void replay(ImageFeature image, long offset) {
        if (watch != null) {
            watch.replay(image, offset);
        }
    }

    /**
     * An image that judges prompts has come in.
     *
     * @param known the classes known by now, its own included
     */
    void observe(ImageFeature image, long offset, Set<String> known) {
        Set<String> unseen = new HashSet<>(known);
        unseen.removeAll(prompts.current().classes());
        boolean isProbe = image.split() == Split.PROBE;
        if (!isProbe && unseen.contains(image.label())) {
            prequential.observe(image.feature(), image.label(), unseen, live, handWritten);
        }
        if (watch != null) {
            watch.observe(image, isProbe, offset, unseen);
        }
    }

    /**
     * A candidate goes live.
     *
     * @param comparison that it passed
     * @param position images from this offset on are new to it
     */
    void rollOut(KnownPrompt prompt, Comparison comparison, long position, long now) {
        double best = comparison.accuracies(Role.BEST).harmonicMean();
        double own = comparison.accuracies(Role.CANDIDATE).harmonicMean();
        boolean isBest = Double.isNaN(own) || Double.isNaN(best)
                ? comparison.accuracies(Role.CANDIDATE).seen() >= comparison.accuracies(Role.BEST).seen() : own >= best;
        prompts.rollOut(prompt, isBest);
        waves.rollOut(comparison.seenByClass(Role.CANDIDATE));
        handWrittenWaves.rollOut(comparison.seenByClass(Role.ZERO_SHOT));
        changed(position, now);
    }

    /** An earlier prompt is live again. */
    void rollBackTo(KnownPrompt prompt, long position, long now) {
        prompts.rollBackTo(prompt);
        waves.retain(prompt.classes());
        handWrittenWaves.retain(prompt.classes());
        changed(position, now);
    }

    private void changed(long position, long now) {
        since = now;
        live = scorer(prompts.current());
        watch = prompts.current() == prompts.lastGood() ? null
                : new LiveWatch(watchSettings, prompts.current(), live, scorer(prompts.lastGood()), position);
    }

    /** The live prompt was measured. */
    void measured(Comparison comparison) {
        waves.measure(comparison.seenByClass(Role.LIVE));
        handWrittenWaves.measure(comparison.seenByClass(Role.ZERO_SHOT));
    }

    LivePrompts prompts() {
        return prompts;
    }

    Optional<LiveWatch> watch() {
        return Optional.ofNullable(watch);
    }

    Prequential.State prequential() {
        return prequential.state();
    }

    WaveAccuracies waves() {
        return waves;
    }

    WaveAccuracies handWrittenWaves() {
        return handWrittenWaves;
    }

    /** Epoch milliseconds; 0 if nothing was ever rolled out. */
    long since() {
        return since;
    }
}
