package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.WireName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A record of {@code evaluation-reports}: what happened at the gate of one prompt, with every figure behind it. {@link ReportCodec} writes
 * and reads it. Immutable, as are its parts. Fractions are NaN where they are unknown.
 */
public sealed interface EvaluationReport {
    enum Kind implements WireName {
        VERDICT, REFUSAL, MEASUREMENT, ROLLBACK, ALARM, COMMAND, REPAIR
    }

    /**
     * What every report begins with: whose it is, when it was written, epoch milliseconds, and what was live before; version 0 is the
     * hand-written prompt.
     */
    record Head(String prompt, long createdAt, long liveVersion) {}

    Kind kind();

    Head head();

    GateAfter after();

    /** In words, one line; empty for a measurement. */
    String reason();

    /** The accuracies of the prompts compared, where there was a comparison. */
    default Optional<ComparedPrompts> comparison() {
        return Optional.empty();
    }

    /** The operator's command that is answered, if it is one that brought this about. */
    default Optional<CommandReport.Answer> command() {
        return Optional.empty();
    }

    /** A candidate was judged, or got its verdict without another test: then there is no comparison, and nothing that the gate demanded. */
    record VerdictReport(Head head, Ruling ruling, Optional<ComparedPrompts> comparison, Optional<GateDemands> demands,
            Rollout rollout, GateAfter after) implements EvaluationReport {
        public enum Answer implements WireName {
            PASS, FAIL, INCONCLUSIVE
        }

        /**
         * The gate's word on a candidate; {@code look} counts its tests, a final one is not judged again, and the reason is one sentence
         * with the figures.
         */
        public record Ruling(@JsonProperty(required = true) long candidateVersion, long candidateOffset, Integer look,
                @JsonProperty(required = true) Answer outcome, @JsonProperty("final") boolean isFinal, String reason,
                List<PairedFigures> tests) {
            public Ruling {
                tests = List.copyOf(tests);
            }
        }

        /**
         * What the gate's settings were: the largest losses of accuracy that are allowed, fractions; 1 − α, where α is the error
         * probability of a candidate over all looks at it; how many images it takes; and how much the expected calibration error may rise,
         * a fraction, null if it may as it likes.
         */
        public record GateDemands(double maxSeenDrop, double maxUnseenDrop, double confidence, int minImages, int minImagesPerClass,
                int minUnseenImages, @JsonInclude(JsonInclude.Include.NON_NULL) Double maxEceIncrease) {}

        /**
         * What followed; {@code heldBy} is what kept a candidate that passed from being made live, {@code paused} or {@code cool-down}, or
         * empty.
         */
        public record Rollout(boolean rolledOut, @JsonInclude(JsonInclude.Include.NON_EMPTY) String heldBy) {
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

        public boolean isRolledOut() {
            return rollout.rolledOut();
        }
    }

    /** A candidate could not be judged. */
    record RefusalReport(Head head, Refused refused, GateAfter after) implements EvaluationReport {
        /**
         * Which, by its offset in prompt-candidates, and why; {@code code} is e.g. {@code repeated-version}, and a newer evaluator may
         * write others.
         */
        public record Refused(@JsonProperty(required = true) long candidateOffset, @JsonProperty("refusal") String code, String reason) {}

        @Override
        public Kind kind() {
            return Kind.REFUSAL;
        }

        @Override
        public String reason() {
            return refused.reason();
        }
    }

    /**
     * The live and the hand-written prompt were measured on all images known, and at their arrival on images of classes that the live one
     * was not trained on; labels of these images look wrong to the live one, unless an older evaluator did not look.
     */
    record MeasurementReport(Head head, Optional<ComparedPrompts> comparison, Prequential prequentialUnseen,
            Optional<SuspectedLabels> suspects, GateAfter after)
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

    /**
     * The live prompt was taken back ({@code ROLLBACK}), maybe by a command, or should be ({@code ALARM}), or was written again ({@code
     * REPAIR}).
     */
    record ReplacementReport(Kind kind, Head head, Optional<CommandReport.Answer> command, Replacement replacement, GateAfter after)
            implements
                EvaluationReport {
        public enum Cause implements WireName {
            WATCH, OPERATOR, REPAIR
        }

        /** From which version to which, and why, in one line. */
        public record Replacement(Cause cause, @JsonProperty(required = true) long from, @JsonProperty(required = true) long to,
                String reason) {}

        @Override
        public String reason() {
            return replacement.reason();
        }
    }

    /** An operator's command was carried out, a rollback excepted, which is reported as one; or it was refused. */
    record CommandReport(Head head, Answer answer, GateAfter after) implements EvaluationReport {
        /** An operator's command, e.g. {@code rollback}, and what became of it; the id is empty for a command that could not be read. */
        @JsonPropertyOrder({"command_id", "command", "by", "operator_reason", "accepted", "reason"})
        public record Answer(@JsonProperty(required = true) String commandId, String command, String by, String operatorReason,
                @JsonProperty(required = true) boolean accepted, String reason) {

            public static Answer to(GateCommand command, boolean accepted, String reason) {
                return new Answer(command.id(), command.action().wireName(), command.by(), command.reason(), accepted, reason);
            }
        }

        @Override
        public Kind kind() {
            return Kind.COMMAND;
        }

        @Override
        public String reason() {
            return answer.reason();
        }

        @Override
        public Optional<Answer> command() {
            return Optional.of(answer);
        }
    }

    /**
     * What every report ends with: how the gate stands after what is reported. State and waves are the evaluator's own memory, written for
     * the next evaluator: nobody else should read anything into them.
     *
     * @param waves with a change of the live prompt; otherwise missing
     * @param continual with a change of the live prompt and with a measurement
     * @param isPaused whether nothing is let out until an operator resumes
     * @param coolDownUntil nothing is let out before, epoch milliseconds; 0 for no cool-down so far
     * @param state missing if it was left out
     */
    record GateAfter(JsonNode waves, Optional<ContinualFigures> continual, boolean isPaused, long coolDownUntil, JsonNode state) {
        /**
         * Continual learning over the waves of rollouts, of the prompts that were live and of the hand-written one (some forgetting is
         * nothing but more names to confuse); forgetting by class is a fraction, the worst first.
         */
        public record ContinualFigures(@JsonUnwrapped Waves live, Waves zeroShot, Map<String, Double> mostForgotten) {
            /** Fractions; NaN where there are too few waves to tell. */
            public record Waves(int waves, double averageAccuracy, double meanForgetting, double backwardTransfer) {}

            public ContinualFigures {
                Objects.requireNonNull(zeroShot);
                mostForgotten = Collections.unmodifiableMap(new LinkedHashMap<>(mostForgotten));
            }
        }
    }
}
