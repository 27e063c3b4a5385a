package dev.promptgate.learning.calibration;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * How far a prompt's probabilities can be believed, on held-out images of seen classes, among the seen classes, which is how a classifier
 * answers. Fractions but for the temperature; NaN where unknown. The calibrated errors are cross-fitted: one half of the images has the
 * temperature of the other, so that none calibrates itself. All else is by the temperature of all, which is the one that goes out.
 *
 * @param images of seen classes
 * @param uncalibrated the errors by the model's own logit scale
 */
public record Calibration(int images, double temperature, Errors uncalibrated, Errors calibrated, Coverage coverage,
        Abstention abstention, UnseenDetection unseen) {
    /** Of fewer images nothing is said. */
    public static final int LEAST_IMAGES = 50;
    /** With this probability the error among what is answered is no larger than the target. */
    public static final double CONFIDENCE = 0.95;

    /** Expected calibration error, and mean negative log-likelihood in nats. */
    public record Errors(double ece, double nll) {
        static Errors of(Confidences confidences) {
            return new Errors(confidences.expectedCalibrationError(), confidences.meanNegLogLikelihood());
        }
    }

    /** Accuracy by how much is answered, and the area under the risk-coverage curve. */
    public record Coverage(List<RiskCoverage.Point> byTenths, double area) {}

    /**
     * The threshold that keeps a target error, NaN if none does; how much of the images it answers, and how many of these are wrong, NaN if
     * none.
     */
    public record Abstention(double targetError, double threshold, double coverage, double error) {}

    /**
     * @param logits [n][classes] of images of seen classes, n ≥ 2, in an order that has nothing to do with what they show: halves are every
     *     second one
     * @param labels [n] class indices
     * @param unseenConfidence the highest probability of each image of an unseen class among the same classes, by a temperature
     */
    public static Calibration of(float[][] logits, int[] labels, DoubleFunction<double[]> unseenConfidence, double targetError) {
        double temperature = TemperatureScaling.fit(logits, labels);
        double[] halves = {fitHalf(logits, labels, 0), fitHalf(logits, labels, 1)};
        Confidences confidences = Confidences.of(logits, labels, i -> temperature);
        RiskCoverage risk = new RiskCoverage(confidences);
        return new Calibration(labels.length, temperature, Errors.of(Confidences.of(logits, labels, i -> 1)),
                Errors.of(Confidences.of(logits, labels, i -> halves[1 - i % 2])), new Coverage(risk.byTenths(), risk.area()),
                abstention(risk, labels.length, targetError),
                UnseenDetection.of(confidences.confidence(), unseenConfidence.apply(temperature)));
    }

    private static double fitHalf(float[][] logits, int[] labels, int first) {
        int[] rows = IntStream.range(0, labels.length).filter(i -> i % 2 == first).toArray();
        return TemperatureScaling.fit(Arrays.stream(rows).mapToObj(i -> logits[i]).toArray(float[][]::new),
                Arrays.stream(rows).map(i -> labels[i]).toArray());
    }

    private static Abstention abstention(RiskCoverage risk, int images, double targetError) {
        double threshold = risk.threshold(targetError, 1 - CONFIDENCE).orElse(Double.NaN);
        int answered = Double.isNaN(threshold) ? 0 : risk.answered(threshold);
        return new Abstention(targetError, threshold, (double) answered / images, (double) risk.errors(answered) / answered);
    }
}
