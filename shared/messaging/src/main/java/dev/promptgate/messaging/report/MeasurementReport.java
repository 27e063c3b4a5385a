package dev.promptgate.messaging.report;

import java.util.Optional;

/**
 * The live and the hand-written prompt were measured on all images known, and at their arrival on images of classes that the live one was
 * not trained on.
 */
public record MeasurementReport(Head head, Optional<ComparedPrompts> comparison, Prequential prequentialUnseen, GateAfter after)
        implements
            EvaluationReport {
    /** Accuracy by first answers, a fraction: of the prompts live at the time and of the hand-written one. */
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
