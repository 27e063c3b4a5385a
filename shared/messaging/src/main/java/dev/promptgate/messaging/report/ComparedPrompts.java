package dev.promptgate.messaging.report;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prompts side by side on the same images.
 *
 * @param accuracies those compared; the live prompt always
 * @param space on how much
 * @param jointPaired the candidate against the live prompt in the joint label space, where there is a candidate
 */
public record ComparedPrompts(Map<Role, AccuracyFigures> accuracies, ComparedOn space, Optional<PairedFigures.Pairs> jointPaired,
        AnswerDetail detail) {
    /** What a prompt is in a comparison. */
    public enum Role {
        ZERO_SHOT, LIVE, BEST, CANDIDATE;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The accuracies of one prompt, as fractions; NaN where there is no image to tell.
     *
     * @param seen within the classes trained on
     * @param unseen within classes never trained
     * @param hm harmonic mean of the two
     * @param joint all images against all classes
     */
    public record AccuracyFigures(double seen, double unseen, double hm, double joint) {}

    /**
     * What was compared on.
     *
     * @param seenImages images of the classes that were trained on
     * @param unseenImages images of the others
     * @param horizon offset in image-features: images before it counted
     */
    public record ComparedOn(int seenImages, int unseenImages, int seenClasses, int unseenClasses, long horizon) {}

    public ComparedPrompts {
        Map<Role, AccuracyFigures> inOrder = new EnumMap<>(Role.class);
        inOrder.putAll(accuracies);
        accuracies = Collections.unmodifiableMap(inOrder);
    }

    public Optional<AccuracyFigures> accuracies(Role role) {
        return Optional.ofNullable(accuracies.get(role));
    }
}
