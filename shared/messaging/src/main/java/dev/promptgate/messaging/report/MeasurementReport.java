package dev.promptgate.messaging.report;

import java.util.Optional;

/**
 * The live and the hand-written prompt were measured on all images known.
 *
 * @param prequentialUnseen answers of the live prompt to images of classes that it was not trained on, at their arrival
 */
public record MeasurementReport(Head head, Optional<ComparedPrompts> comparison, Prequential prequentialUnseen, GateAfter after)
        implements
            EvaluationReport {
    /**
     * Accuracy by first answers.
     *
     * @param accuracy of the prompts live at the time, a fraction
     * @param zeroShot of the hand-written one
     */
    public record Prequential(long images, double accuracy, double zeroShot) {
        static final Prequential NONE = new Prequential(0, Double.NaN, Double.NaN);
    }

    @Override
    public Kind kind() {
        return Kind.MEASUREMENT;
    }

    @Override
    public String reason() {
        return "";
    }
}
