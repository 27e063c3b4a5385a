package dev.promptgate.messaging.report;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prompts side by side on the same images, the live one always; where there is a candidate, also that against the live one in the joint
 * label space. Calibrations are missing where there were too few images, and in an older evaluator's reports.
 */
public record ComparedPrompts(Map<Role, AccuracyFigures> accuracies, ComparedOn space, Optional<PairedFigures.Pairs> jointPaired,
        Map<Role, CalibrationFigures> calibrations, AnswerDetail detail) {
    public enum Role {
        ZERO_SHOT, LIVE, BEST, CANDIDATE;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The accuracies of one prompt, as fractions: within the classes trained on, within classes never trained, the harmonic mean of the
     * two, and all images against all classes. NaN where there is no image to tell.
     */
    public record AccuracyFigures(double seen, double unseen, double hm, double joint) {}

    /** What was compared on: images before the horizon, an offset in image-features; the seen classes were trained on. */
    public record ComparedOn(int seenImages, int unseenImages, int seenClasses, int unseenClasses, long horizon) {}

    public ComparedPrompts {
        accuracies = inOrder(accuracies);
        calibrations = inOrder(calibrations);
    }

    private static <T> Map<Role, T> inOrder(Map<Role, T> given) {
        Map<Role, T> inOrder = new EnumMap<>(Role.class);
        inOrder.putAll(given);
        return Collections.unmodifiableMap(inOrder);
    }

    public Optional<AccuracyFigures> accuracies(Role role) {
        return Optional.ofNullable(accuracies.get(role));
    }

    public Optional<CalibrationFigures> calibration(Role role) {
        return Optional.ofNullable(calibrations.get(role));
    }
}
