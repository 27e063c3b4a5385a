package dev.promptgate.chaos.fault;

import java.util.Map;

/**
 * Mistakes that a build of a service could have; each is one, in one method. {@link FaultAgent} puts it there when the class is loaded, or
 * a setting does.
 */
public enum Fault {
    COMMITS_BEFORE_IT_WRITES("encoder", "nothing-lost", Places.WRITER, "write", WriterFaults.CommitsFirst.class),
    WRITES_BEFORE_IT_COMMITS("encoder", "nothing-twice", Places.WRITER, "write", WriterFaults.WritesFirst.class),
    COMMITS_NO_OFFSETS("encoder", "no-torn-transaction", Places.WRITER, "write", WriterFaults.WithoutOffsets.class),
    HANDLES_A_RECORD_TWICE("encoder", "nothing-twice", Places.WRITER, "write", WriterFaults.OneTwice.class),
    WRITES_IN_ANOTHER_ORDER("encoder", "order-per-key", Places.WRITER, "write", WriterFaults.Reversed.class),
    ENCODES_ABORTED_IMAGES("encoder", "no-aborted-record-read", Map.of("kafka.property.isolation.level", "read_uncommitted")),
    SKIPS_RECORDS("learner", "candidates-recompute", Places.FEATURES, "take", LearnerFaults.Skips.class),
    REUSES_A_VERSION("learner", "versions-grow", Places.CANDIDATES, "publish", LearnerFaults.SameVersion.class),
    CHECKPOINTS_NO_CANDIDATE("learner", "no-torn-transaction", Places.WRITER, "write", WriterFaults.WithoutOffsets.class),
    LEARNS_FROM_ABORTED_FEATURES("learner", "no-aborted-record-read", Map.of("kafka.property.isolation.level", "read_uncommitted")),
    ROLLS_OUT_A_REFUSED_CANDIDATE("evaluator", "live-was-not-refused", Places.GATE, "judge", EvaluatorFaults.NeverFails.class),
    REPORTS_NO_VERDICTS("evaluator", "live-was-judged", Places.REPORTS, "add", EvaluatorFaults.NoVerdicts.class),
    WRITES_NO_ROLLOUTS("evaluator", "rollouts-as-reported", Places.REPORTS, "add", EvaluatorFaults.NoRollouts.class),
    MISCOUNTS("evaluator", "verdicts-recompute", Places.COMPARISON, "against", EvaluatorFaults.NoneLost.class),
    DECIDES_AGAINST_ITS_FIGURES("evaluator", "verdicts-follow-from-figures", Places.DECISION, "decide", EvaluatorFaults.Passes.class);

    /** Names, since the classes must not be loaded before the agent is there. */
    private static final class Places {
        static final String WRITER = "dev.promptgate.messaging.transaction.TransactionalWriter";
        static final String FEATURES = "dev.promptgate.learner.update.FeatureStream";
        static final String CANDIDATES = "dev.promptgate.learner.update.CandidateWriter";
        static final String GATE = "dev.promptgate.evaluator.gate.Gate";
        static final String REPORTS = "dev.promptgate.evaluator.report.ReportWriter";
        static final String COMPARISON = "dev.promptgate.evaluator.evidence.Comparison";
        static final String DECISION = "dev.promptgate.learning.gate.RolloutGate";
    }

    /** The service that has it. */
    public final String service;
    /** The invariant that it breaks. */
    public final String invariant;
    /** Which are the fault, if it is one of settings. */
    public final Map<String, String> settings;
    final String type;
    final String method;
    final Class<?> advice;

    Fault(String service, String invariant, String type, String method, Class<?> advice) {
        this(service, invariant, Map.of(), type, method, advice);
    }

    Fault(String service, String invariant, Map<String, String> settings) {
        this(service, invariant, settings, "", "", null);
    }

    Fault(String service, String invariant, Map<String, String> settings, String type, String method, Class<?> advice) {
        this.service = service;
        this.invariant = invariant;
        this.settings = settings;
        this.type = type;
        this.method = method;
        this.advice = advice;
    }
}
