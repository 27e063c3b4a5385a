package dev.promptgate.evaluator.gate;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptEncoder;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.evidence.ComparedImages;
import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.evaluator.evidence.Comparison.Calibrating;
import dev.promptgate.evaluator.evidence.HeldOutSet.HeldOutImage;
import dev.promptgate.evaluator.evidence.LivePredictions;
import dev.promptgate.evaluator.evidence.PromptAnswers;
import dev.promptgate.evaluator.evidence.PromptScorer;
import dev.promptgate.evaluator.gate.GateEvent.Answers;
import dev.promptgate.evaluator.gate.GateEvent.Judgement;
import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.RolloutGate;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.learning.gate.Verdict.Outcome;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCalibration;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compares prompts on images. The same prompts and images give the same answers. Blocking: runs the text tower. Not thread-safe. */
final class Judge {
    /** The live prompt, the one that it replaced and the hand-written one answer single images. */
    private static final int MAX_SCORERS = 3;

    private final GateSettings demands;
    private final int recheckImages;
    private final PromptEncoder encoder;
    private final PromptAnswers known;
    private final LivePredictions predictions;
    private final Calibrating calibrating;
    private final Map<Context, PromptScorer> scorers = new LinkedHashMap<>(MAX_SCORERS + 1, 1, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Context, PromptScorer> eldest) {
            return size() > MAX_SCORERS;
        }
    };

    /**
     * @param recheckImages after so many images at least an unclear candidate is judged again
     * @param targetError largest error among the answers that a rollout's threshold lets through, a fraction
     */
    Judge(GateSettings demands, int recheckImages, double targetError, PromptModel model) {
        this.demands = demands;
        this.recheckImages = recheckImages;
        encoder = model.textEncoder();
        known = new PromptAnswers(encoder);
        predictions = new LivePredictions(model.logitScale());
        calibrating = new Calibrating(model.logitScale(), targetError);
    }

    /**
     * The candidate against the live prompt and against the best that ever was live, on the images before its horizon: many small losses,
     * each allowed, shall not add up. {@code arrivals} judging images came in so far.
     */
    Judgement judge(Candidate candidate, PromptStack live, List<HeldOutImage> images, long arrivals) {
        ComparedImages space = ComparedImages.of(candidate.prompt().metadata().classes(), images);
        Map<Role, Prompt> prompts = standing(live);
        prompts.put(Role.BEST, live.best());
        prompts.put(Role.CANDIDATE, candidate.prompt());
        Comparison comparison = Comparison.of(space, known, prompts, calibrating);
        List<GateEvidence> evidence = new ArrayList<>(List.of(comparison.against(Role.LIVE, "live")));
        if (live.best().version() != live.live().version()) {
            evidence.add(comparison.against(Role.BEST, "best"));
        }
        Verdict verdict = RolloutGate.withCalibration(demands,
                RolloutGate.decide(demands, evidence, space.fewestPerSeenClass(), candidate.tests() + 1), ece(comparison, Role.LIVE),
                ece(comparison, Role.CANDIDATE));
        // Another test is worth its share of the error budget when there is half as much evidence again.
        int further = verdict.isTested() ? Math.max(recheckImages, comparison.images() / 2) : recheckImages;
        return new Judgement(candidate.judged(verdict.isTested(), arrivals + further), comparison, verdict);
    }

    /**
     * The live and the hand-written prompt on images before the position, and which of these have labels that look wrong to the live one.
     */
    GateEvent.Measured measure(PromptStack live, List<String> seenClasses, List<HeldOutImage> images, long position) {
        ComparedImages space = ComparedImages.of(seenClasses, images);
        Comparison comparison = Comparison.of(space, known, standing(live), calibrating);
        return new GateEvent.Measured(comparison, predictions.suspects(space, known.scorer(space, live.live())), position);
    }

    private static double ece(Comparison comparison, Role role) {
        return comparison.calibration(role).map(calibration -> calibration.calibrated().ece()).orElse(Double.NaN);
    }

    private static Map<Role, Prompt> standing(PromptStack live) {
        Map<Role, Prompt> prompts = new EnumMap<>(Role.class);
        prompts.put(Role.ZERO_SHOT, live.handWritten());
        prompts.put(Role.LIVE, live.live());
        return prompts;
    }

    /** Whether two prompts get an image right among classes, a set that does not change. */
    Answers answers(ImageFeature image, Set<String> classes, Prompt live, Prompt other) {
        boolean isRight = isRight(live, image, classes);
        return new Answers(isRight, live.context() == other.context() ? isRight : isRight(other, image, classes));
    }

    private boolean isRight(Prompt prompt, ImageFeature image, Set<String> among) {
        return scorers.computeIfAbsent(prompt.context(), context -> new PromptScorer(encoder, prompt)).isRight(image.feature(),
                image.label(), among);
    }

    /** Whether a candidate is at least as good as the best prompt that ever was live. */
    static boolean isBest(Comparison comparison) {
        Accuracies best = comparison.accuracies(Role.BEST);
        Accuracies own = comparison.accuracies(Role.CANDIDATE);
        return Double.isNaN(own.harmonicMean()) || Double.isNaN(best.harmonicMean()) ? own.seen() >= best.seen()
                : own.harmonicMean() >= best.harmonicMean();
    }

    /** A candidate that passed, with the figures that go into a rollout's metadata. */
    static Prompt withFigures(Judgement judgement, long replacedVersion) {
        Accuracies candidate = judgement.comparison().accuracies(Role.CANDIDATE);
        Accuracies live = judgement.comparison().accuracies(Role.LIVE);
        Map<String, String> figures = new TreeMap<>();
        figures.put("outcome", Outcome.PASS.name().toLowerCase(Locale.ROOT));
        figures.put("reason", judgement.verdict().reason());
        figures.put("replaced_version", Long.toString(replacedVersion));
        figures.put("seen", Double.toString(candidate.seen()));
        figures.put("unseen", Double.toString(candidate.unseen()));
        figures.put("hm", Double.toString(candidate.harmonicMean()));
        figures.put("joint", Double.toString(candidate.joint()));
        figures.put("replaced_seen", Double.toString(live.seen()));
        figures.put("replaced_unseen", Double.toString(live.unseen()));
        judgement.comparison().calibration(Role.CANDIDATE).ifPresent(found -> new PromptCalibration(found.temperature(),
                found.abstention().threshold(), found.abstention().targetError()).putInto(figures));
        Prompt prompt = judgement.candidate().prompt();
        return new Prompt(prompt.context(), prompt.metadata().withVerdict(figures));
    }
}
