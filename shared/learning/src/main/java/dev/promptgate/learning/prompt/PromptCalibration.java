package dev.promptgate.learning.prompt;

import java.util.Map;

/**
 * What makes a rolled-out prompt's answers probabilities, and which of them it stands behind: part of its verdict.
 *
 * @param temperature logits are divided by it; 1 where nothing was measured
 * @param threshold least probability of an answer to stand behind; NaN if none keeps the target error, or nothing was measured
 * @param targetError largest error promised among the answers from the threshold on, a fraction; NaN if nothing was measured
 */
public record PromptCalibration(double temperature, double threshold, double targetError) {
    /** Of the hand-written prompt, and of rollouts without these figures. */
    public static final PromptCalibration NONE = new PromptCalibration(1, Double.NaN, Double.NaN);

    private static final double MOST_TEMPERATURE = 1000;

    /**
     * What a verdict holds.
     *
     * @throws IllegalArgumentException if it holds what is no such figure; the message is one line
     */
    static PromptCalibration of(Map<String, String> verdict) {
        double temperature = number(verdict, "temperature", 1);
        double threshold = number(verdict, "threshold", Double.NaN);
        double targetError = number(verdict, "target_error", Double.NaN);
        if (!(temperature >= 1 / MOST_TEMPERATURE && temperature <= MOST_TEMPERATURE) || threshold < 0 || threshold > 1 || targetError < 0
                || targetError > 1) {
            throw new IllegalArgumentException("temperature, threshold or target_error out of bounds [values: %s, %s, %s]"
                    .formatted(temperature, threshold, targetError));
        }
        return new PromptCalibration(temperature, threshold, targetError);
    }

    private static double number(Map<String, String> verdict, String key, double absent) {
        String text = verdict.get(key);
        if (text == null) {
            return absent;
        }
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // as one that is not finite
        }
        throw new IllegalArgumentException("no number [key: %s]".formatted(key));
    }

    /** Puts what is known into a verdict. */
    public void putInto(Map<String, String> verdict) {
        if (!Double.isNaN(targetError)) {
            verdict.put("temperature", Double.toString(temperature));
            verdict.put("target_error", Double.toString(targetError));
            if (!Double.isNaN(threshold)) {
                verdict.put("threshold", Double.toString(threshold));
            }
        }
    }

    /** What cosines are multiplied with before the softmax, for a model's logit scale. */
    public float logitScale(float ofModel) {
        return (float) (ofModel / temperature);
    }
}
