package dev.promptgate.evaluator;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.Outcome;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.RolloutGate;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.learning.snapshot.SnapshotMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares, decides, publishes, and keeps the meters. Its methods block: they run on the evaluator's worker, one at a time.
 */
final class Judge {
    private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

    private final String prompt;
    private final GateSettings gate;
    private final Duration deadline;
    private final ClipModel model;
    private final LivePrompt live;
    private final VerdictPublisher publisher;
    private final EvaluatorMeters meters;

    Judge(EvaluatorSettings settings, ClipModel model, LivePrompt live, VerdictPublisher publisher, EvaluatorMeters meters) {
        prompt = settings.prompt();
        gate = settings.gate();
        deadline = settings.inconclusiveDeadline();
        this.model = model;
        this.live = live;
        this.publisher = publisher;
        this.meters = meters;
    }

    /**
     * Judges a candidate on the images before its horizon.
     *
     * @param images what stands in the topic before the horizon
     * @param superseded whether a newer candidate waits, so that this one is not worth waiting for
     * @return true if the verdict is final
     */
    boolean judge(Candidate candidate, List<HeldOutSet.Entry> images, boolean superseded) {
        long began = System.nanoTime();
        PromptSnapshot snapshot = candidate.snapshot();
        LabelSpace space = LabelSpace.of(snapshot.metadata().classes(), images);
        Comparison comparison = Comparison.of(space, model.textEncoder(), live.handWritten(), live.context(), snapshot.context());
        Verdict verdict = settle(RolloutGate.decide(gate, PairedOutcomes.of(comparison.candidate().seen(), comparison.live().seen()),
                PairedOutcomes.of(comparison.candidate().unseen(), comparison.live().unseen()), space.fewestPerSeenClass()), candidate, superseded);
        boolean isFinal = verdict.outcome() != Outcome.INCONCLUSIVE || superseded;
        byte[] report = Report.verdict(prompt, candidate, live.version(), verdict, isFinal, comparison, gate);
        boolean rollOut = verdict.outcome() == Outcome.PASS;
        byte[] rollout = rollOut ? SnapshotCodec.encode(new PromptSnapshot(snapshot.context(),
                snapshot.metadata().withVerdict(Report.rolloutFigures(verdict, comparison, live.version())))) : null;
        if (isFinal || !candidate.isInconclusive()) { // a repeated "inconclusive" says nothing new
            publisher.publish(report, rollout);
            LOG.info("Candidate {} against live {}: {}{}: {}", snapshot.metadata().version(), live.version(), verdict.outcome(),
                    isFinal ? "" : ", waits for more images", verdict.reason());
        }
        meters.evaluated(System.nanoTime() - began);
        meters.accuracies(EvaluatorMeters.Subject.CANDIDATE, comparison.candidate().accuracies());
        if (isFinal) {
            meters.verdict(verdict.outcome());
        } else {
            candidate.foundInconclusive();
        }
        if (rollOut) {
            takeUp(snapshot);
        }
        return isFinal;
    }

    private Verdict settle(Verdict verdict, Candidate candidate, boolean superseded) {
        if (verdict.outcome() != Outcome.INCONCLUSIVE) {
            return verdict;
        }
        if (candidate.ageNanos() > deadline.toNanos()) {
            return new Verdict(Outcome.FAIL, "still inconclusive at the deadline of %d s: %s".formatted(deadline.toSeconds(), verdict.reason()),
                    verdict.seenLowerBound(), verdict.unseenLowerBound());
        }
        return superseded ? new Verdict(Outcome.INCONCLUSIVE, "superseded by a newer candidate; " + verdict.reason(), verdict.seenLowerBound(),
                verdict.unseenLowerBound()) : verdict;
    }

    private void takeUp(PromptSnapshot snapshot) {
        long now = System.currentTimeMillis();
        SnapshotMetadata about = snapshot.metadata();
        about.readyAt().forEach((name, ready) -> {
            if (!live.contained(name)) {
                meters.fresh(now - ready);
            }
        });
        live.rollOut(snapshot.context(), about.version(), about.classes());
        meters.rollout();
        meters.live(about.version(), now);
    }

    /** Reports a candidate that cannot be judged. */
    void refuse(long candidateOffset, CandidateCheck.RefusedException refusal) {
        meters.refusal(refusal.reason());
        LOG.warn("A candidate is refused: {} [offset: {}]", refusal.getMessage(), candidateOffset);
        publisher.publish(Report.refusal(prompt, live.version(), candidateOffset, refusal.reason(), refusal.getMessage()), null);
    }

    /** Measures the live and the hand-written prompt on all images known: seen are the classes with held-out images. */
    void measure(List<String> labelledClasses, List<HeldOutSet.Entry> images, Map<Integer, Long> horizon) {
        long began = System.nanoTime();
        Comparison comparison = Comparison.of(LabelSpace.of(labelledClasses, images), model.textEncoder(), live.handWritten(), live.context(), null);
        publisher.publish(Report.measurement(prompt, live.version(), comparison, horizon), null);
        meters.evaluated(System.nanoTime() - began);
        meters.accuracies(EvaluatorMeters.Subject.LIVE, comparison.live().accuracies());
        meters.accuracies(EvaluatorMeters.Subject.ZERO_SHOT, comparison.handWritten().accuracies());
    }
}
