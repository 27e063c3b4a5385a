package dev.promptgate.chaos.fault;

import dev.promptgate.evaluator.gate.GateEvent;
import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.learning.gate.Verdict.Outcome;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** Mistakes in how an evaluator counts, decides, acts on it and tells of it. */
public final class EvaluatorFaults {
    private EvaluatorFaults() {}

    /** Candidates that fail go out like those that pass. */
    public static final class NeverFails {
        private NeverFails() {}

        @Advice.OnMethodExit
        static void judge(@Advice.Return(readOnly = false) List<GateEvent> events) {
            events = rolledOut(events);
        }
    }

    public static List<GateEvent> rolledOut(List<GateEvent> events) {
        return events.get(0) instanceof GateEvent.Failed failed
                ? List.of(new GateEvent.RolledOut(failed.judgement(), failed.judgement().candidate().prompt(), false))
                : events;
    }

    /** Rollouts are written without the reports that justify them. */
    public static final class NoVerdicts {
        private NoVerdicts() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean add(@Advice.Argument(0) Object first) {
            return isVerdict(first);
        }
    }

    public static boolean isVerdict(Object record) {
        return record instanceof VerdictReport;
    }

    /** Reports are written without the rollouts that they tell of. */
    public static final class NoRollouts {
        private NoRollouts() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean add(@Advice.Argument(0) Object first) {
            return isPrompt(first);
        }
    }

    public static boolean isPrompt(Object record) {
        return record instanceof Prompt;
    }

    /** Images that a candidate loses count as right. */
    public static final class NoneLost {
        private NoneLost() {}

        @Advice.OnMethodExit
        static void against(@Advice.Return(readOnly = false) GateEvidence evidence) {
            evidence = withoutLosses(evidence);
        }
    }

    public static GateEvidence withoutLosses(GateEvidence evidence) {
        return new GateEvidence(evidence.against(), withoutLosses(evidence.seen()), withoutLosses(evidence.unseen()));
    }

    private static PairedOutcomes withoutLosses(PairedOutcomes pairs) {
        return new PairedOutcomes(pairs.bothRight() + pairs.onlyLiveRight(), pairs.onlyCandidateRight(), 0, pairs.bothWrong());
    }

    /** Whatever the figures say. */
    public static final class Passes {
        private Passes() {}

        @Advice.OnMethodExit
        static void decide(@Advice.Return(readOnly = false) Verdict verdict) {
            verdict = passing(verdict);
        }
    }

    public static Verdict passing(Verdict verdict) {
        return new Verdict(Outcome.PASS, verdict.reason(), verdict.tests(), true);
    }
}
