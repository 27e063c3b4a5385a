package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.promptgate.messaging.record.WireName;
import java.util.List;
import java.util.Optional;

/** A candidate was judged, or got its verdict without another test: then there is no comparison, and nothing that the gate demanded. */
public record VerdictReport(Head head, Ruling ruling, Optional<ComparedPrompts> comparison, Optional<GateDemands> demands,
        Rollout rollout, GateAfter after) implements EvaluationReport {
    /** The three answers of the gate. */
    public enum Answer implements WireName {
        PASS, FAIL, INCONCLUSIVE
    }

    /**
     * The gate's word on a candidate; {@code look} counts its tests, a final one is not judged again, and the reason is one sentence with
     * the figures.
     */
    public record Ruling(@JsonProperty(required = true) long candidateVersion, long candidateOffset, int look,
            @JsonProperty(required = true) Answer outcome, @JsonProperty("final") boolean isFinal, String reason,
            List<PairedFigures> tests) {
        public Ruling {
            tests = List.copyOf(tests);
        }
    }

    /**
     * What the gate's settings were: the largest losses of accuracy that are allowed, fractions; 1 − α, where α is the error probability of
     * a candidate over all looks at it; and how many images it takes.
     */
    public record GateDemands(double maxSeenDrop, double maxUnseenDrop, double confidence, int minImages, int minImagesPerClass,
            int minUnseenImages) {}

    /**
     * What followed; {@code heldBy} is what kept a candidate that passed from being made live, {@code paused} or {@code cool-down}, or
     * empty.
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
