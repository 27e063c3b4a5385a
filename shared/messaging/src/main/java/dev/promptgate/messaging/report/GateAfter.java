package dev.promptgate.messaging.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What every report ends with: how the gate stands after what is reported. State and waves are the evaluator's own memory, written for the
 * next evaluator: nobody else should read anything into them.
 *
 * @param waves with a change of the live prompt; otherwise missing
 * @param continual with a change of the live prompt and with a measurement
 * @param isPaused whether nothing is let out until an operator resumes
 * @param coolDownUntil nothing is let out before, epoch milliseconds; 0 for no cool-down so far
 * @param state missing if it was left out
 */
public record GateAfter(JsonNode waves, Optional<ContinualFigures> continual, boolean isPaused, long coolDownUntil, JsonNode state) {
    /**
     * Continual learning over the waves of rollouts, of the prompts that were live and of the hand-written one (some forgetting is nothing
     * but more names to confuse); forgetting by class is a fraction, the worst first.
     */
    public record ContinualFigures(Waves live, Waves zeroShot, Map<String, Double> mostForgotten) {
        /** Fractions; NaN where there are too few waves to tell. */
        public record Waves(int waves, double averageAccuracy, double meanForgetting, double backwardTransfer) {}

        public ContinualFigures {
            mostForgotten = Collections.unmodifiableMap(new LinkedHashMap<>(mostForgotten));
        }
    }
}
