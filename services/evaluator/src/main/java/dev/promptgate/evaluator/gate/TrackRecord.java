package dev.promptgate.evaluator.gate;

import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import java.util.Collection;
import java.util.Map;

/** Accuracies over the waves, of the prompts that were live and of the hand-written one. Not thread-safe. */
public record TrackRecord(WaveAccuracies live, WaveAccuracies handWritten) {
    /** The tables; kept apart from the state since they are large and seldom change. */
    public record Waves(Map<String, WaveAccuracies.History> live, Map<String, WaveAccuracies.History> handWritten) {
        public static final Waves NONE = new Waves(Map.of(), Map.of());
    }

    TrackRecord(Waves earlier) {
        this(new WaveAccuracies(earlier.live()), new WaveAccuracies(earlier.handWritten()));
    }

    void rollOut(Comparison comparison) {
        live.rollOut(comparison.seenByClass(Role.CANDIDATE));
        handWritten.rollOut(comparison.seenByClass(Role.ZERO_SHOT));
    }

    void rollBackTo(Collection<String> classes) {
        live.retain(classes);
        handWritten.retain(classes);
    }

    void measure(Comparison comparison) {
        live.measure(comparison.seenByClass(Role.LIVE));
        handWritten.measure(comparison.seenByClass(Role.ZERO_SHOT));
    }

    public Waves waves() {
        return new Waves(live.histories(), handWritten.histories());
    }
}
