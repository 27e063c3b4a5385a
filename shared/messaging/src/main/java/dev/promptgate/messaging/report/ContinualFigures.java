package dev.promptgate.messaging.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Continual learning over the waves of rollouts.
 *
 * @param live of the prompts that were live
 * @param zeroShot the same of the hand-written prompt: some forgetting is nothing but more names to confuse
 * @param mostForgotten forgetting by class, a fraction; the worst first
 */
public record ContinualFigures(Waves live, Waves zeroShot, Map<String, Double> mostForgotten) {
    /** Fractions; NaN where there are too few waves to tell. */
    public record Waves(int waves, double averageAccuracy, double meanForgetting, double backwardTransfer) {}

    public ContinualFigures {
        mostForgotten = Collections.unmodifiableMap(new LinkedHashMap<>(mostForgotten));
    }
}
