package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import java.util.List;
import java.util.Map;

/**
 * Everything that a gatekeeper knows and the topics do not tell: it goes out with every report, so that whoever comes next goes on where
 * the last report was written.
 *
 * @param model fingerprint
 * @param report number of the report, counted from 1
 * @param position offset in image-features behind what was taken in
 * @param arrivals judging images that came in so far
 * @param nextCandidate offset in prompt-candidates behind what was taken in
 * @param nextCommand the same for gate-commands
 * @param lastVersion the highest version of a candidate taken in
 * @param lastHorizon the highest horizon of a candidate taken in
 * @param time event time, epoch milliseconds
 * @param live the levels of {@link LivePrompts}
 * @param liveSince when the live prompt was made live, epoch milliseconds; 0 if never
 * @param rollouts records written to prompt-rollouts so far: the sequence of the last one
 * @param unsettled candidates without a final verdict that were looked at
 * @param watch of the live prompt; null if there is nothing to compare it with
 */
record GateState(String model, long report, long position, long arrivals, long nextCandidate, long nextCommand, long lastVersion,
        long lastHorizon,
        long time, List<LivePrompts.LevelState> live, long liveSince, long rollouts, List<Candidate.State> unsettled, boolean isPaused,
        long coolDownUntil,
        LiveWatch.State watch, Prequential.State prequential) {
    static GateState initial(String model) {
        return new GateState(model, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), 0, 0, List.of(), false, 0, null, Prequential.State.NONE);
    }

    /** Accuracies over the waves, of the live prompts and of the hand-written one; kept apart since it is large and seldom changes. */
    record Waves(Map<String, WaveAccuracies.History> live, Map<String, WaveAccuracies.History> handWritten) {
        static final Waves NONE = new Waves(Map.of(), Map.of());
    }
}
