package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * What the statistics say of a candidate on one kind of images, against one other prompt.
 *
 * @param against the other prompt, {@code live} or {@code best}
 * @param protocol {@code seen} or {@code unseen}
 * @param allowedDrop the largest loss that is allowed, a fraction
 * @param alpha error probability of both tests
 * @param lossPValue exact McNemar, one-sided
 * @param lowerBound paired bootstrap, of candidate − other; NaN without images
 */
public record PairedFigures(String against, String protocol, @JsonUnwrapped Pairs pairs, double allowedDrop, double alpha,
        @JsonProperty("loss_p_value") double lossPValue, double lowerBound) {
    /** The two prompts' answers on the same images. */
    @JsonPropertyOrder({"images", "both_right", "only_candidate_right", "only_other_right", "both_wrong", "difference"})
    public record Pairs(int bothRight, int onlyCandidateRight, int onlyOtherRight, int bothWrong) {
        @JsonProperty("images")
        public int images() {
            return bothRight + onlyCandidateRight + onlyOtherRight + bothWrong;
        }

        /** Accuracy of the candidate − that of the other one; NaN without images. */
        @JsonProperty("difference")
        public double difference() {
            return (double) (onlyCandidateRight - onlyOtherRight) / images();
        }
    }
}
