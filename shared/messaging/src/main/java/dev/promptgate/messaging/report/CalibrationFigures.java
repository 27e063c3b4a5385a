package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;
import java.util.Objects;

/**
 * How far one prompt's probabilities can be believed, on held-out images of seen classes among these classes. Fractions but for temperature
 * and nll; NaN where unknown.
 *
 * @param images so many; drawn, where there are more
 * @param temperature logits are divided by it, fitted on all of them
 * @param uncalibrated the errors without it
 * @param calibrated the errors with it, each image's fitted on other images
 */
public record CalibrationFigures(int images, double temperature, Errors uncalibrated, Errors calibrated, Selective selective,
        Unseen unseen) {
    /** Expected calibration error; mean negative log-likelihood, in nats. */
    public record Errors(double ece, double nll) {}

    /**
     * What comes of answering the surest images alone.
     *
     * @param aurc area under the risk-coverage curve
     * @param threshold least probability of an answer that keeps the target error; NaN if none does
     * @param coverage share of the images that reach it
     * @param error share of these that are wrong
     */
    public record Selective(double targetError, double threshold, double coverage, double error, double aurc,
            List<CoverageRow> accuracyByCoverage) {
        public Selective {
            accuracyByCoverage = List.copyOf(accuracyByCoverage);
        }
    }

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record CoverageRow(double coverage, double accuracy) {}

    /** How well so many images of unseen classes are told from these by the highest probability. */
    public record Unseen(int images, double auroc, double fpr95) {}

    public CalibrationFigures {
        Objects.requireNonNull(uncalibrated);
        Objects.requireNonNull(calibrated);
        Objects.requireNonNull(selective);
        Objects.requireNonNull(unseen);
    }
}
