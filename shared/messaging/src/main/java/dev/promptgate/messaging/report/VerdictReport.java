package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.promptgate.messaging.record.WireName;
import java.util.List;
import java.util.Optional;

/**
 * A candidate was judged, or got its verdict without another test.
 *
 * @param comparison empty for a verdict without another test
 * @param demands what the gate demanded; empty for a verdict without another test
 * @param rollout whether it was made live
 */
public record VerdictReport(Head head, Ruling ruling, Optional<ComparedPrompts> comparison, Optional<GateDemands> demands,
        Rollout rollout, GateAfter after) implements EvaluationReport {
    /** The three answers of the gate. */
    public enum Answer implements WireName {
        PASS, FAIL, INCONCLUSIVE
    }

    /**
     * The gate's word on a candidate.
     *
     * @param candidateOffset in prompt-candidates
     * @param look how often the candidate was tested
     * @param isFinal whether it is not judged again
     * @param reason one sentence with the figures
     */
    public record Ruling(@JsonProperty(required = true) long candidateVersion, long candidateOffset, int look,
            @JsonProperty(required = true) Answer outcome, @JsonProperty("final") boolean isFinal, String reason,
            List<PairedFigures> tests) {
        public Ruling {
            tests = List.copyOf(tests);
        }
    }

    /**
     * What the gate's settings were.
     *
     * @param maxSeenDrop the largest loss of seen-class accuracy that is allowed, a fraction
     * @param maxUnseenDrop the same for unseen classes
     * @param confidence 1 − α, where α is the error probability of a candidate over all looks at it
     */
    public record GateDemands(double maxSeenDrop, double maxUnseenDrop, double confidence, int minImages, int minImagesPerClass,
            int minUnseenImages) {}

    /**
     * What followed.
     *
     * @param heldBy what kept a candidate that passed from being made live, {@code paused} or {@code cool-down}; empty for nothing
     */
    public record Rollout(boolean rolledOut, String heldBy) {
        public static final Rollout DONE = new Rollout(true, "");
        public static final Rollout NONE = new Rollout(false, "");

    }

    /** A verdict without another test. */
    public VerdictReport(Head head, Ruling ruling, GateAfter after) {
        this(head, ruling, Optional.empty(), Optional.empty(), Rollout.NONE, after);
    }

    @Override
    public Kind kind() {
        return Kind.VERDICT;
    }

    @Override
    public String reason() {
        return ruling.reason();
    }

    /** Whether the candidate was made live. */
    public boolean isRolledOut() {
        return rollout.rolledOut();
    }
}
