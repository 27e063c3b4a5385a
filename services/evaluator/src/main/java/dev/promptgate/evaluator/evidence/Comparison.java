package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.accuracy.ProtocolOutcomes;
import dev.promptgate.learning.calibration.Calibration;
import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.report.AnswerDetail;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** Prompts side by side on the same images; calibrations are missing where there are too few of them. */
public record Comparison(ComparedImages space, Map<Role, ProtocolOutcomes> outcomes, Map<Role, Calibration> calibrations) {
    /** How calibrations are measured: by the model's logit scale, and the largest error among what is answered. */
    public record Calibrating(float logitScale, double targetError) {}

    /** Blocking: runs the text tower, once for each distinct context that is new. The best prompt's calibration is nobody's concern. */
    public static Comparison of(ComparedImages space, PromptAnswers answers, Map<Role, Prompt> prompts, Calibrating calibrating) {
        Map<Role, ProtocolOutcomes> outcomes = new EnumMap<>(Role.class);
        Map<Context, ProtocolOutcomes> known = new IdentityHashMap<>();
        prompts.forEach((role, prompt) -> outcomes.put(role, known.computeIfAbsent(prompt.context(), c -> answers.of(space, prompt))));
        CalibrationSample sample = new CalibrationSample(space);
        Map<Role, Calibration> calibrations = new EnumMap<>(Role.class);
        Map<Context, Optional<Calibration>> calibrated = new IdentityHashMap<>();
        prompts.forEach((role, prompt) -> {
            if (role != Role.BEST) {
                calibrated.computeIfAbsent(prompt.context(),
                        c -> sample.calibrate(answers.scorer(space, prompt), calibrating.logitScale(), calibrating.targetError()))
                        .ifPresent(found -> calibrations.put(role, found));
            }
        });
        return new Comparison(space, outcomes, calibrations);
    }

    public int images() {
        return space.labels().length;
    }

    public Accuracies accuracies(Role role) {
        return outcomes.get(role).accuracies();
    }

    public Optional<Calibration> calibration(Role role) {
        return Optional.ofNullable(calibrations.get(role));
    }

    /** Accuracy of a prompt on each seen class that has images. */
    public Map<String, Double> seenByClass(Role role) {
        return outcomes.get(role).seenByClass(space.seenClasses(), space.labels());
    }

    public GateEvidence against(Role other, String name) {
        ProtocolOutcomes candidate = outcomes.get(Role.CANDIDATE);
        ProtocolOutcomes against = outcomes.get(other);
        return new GateEvidence(name, PairedOutcomes.of(candidate.seen(), against.seen()),
                PairedOutcomes.of(candidate.unseen(), against.unseen()));
    }

    /** What the candidate answers otherwise than the live prompt in the joint label space, of right and wrong. */
    public AnswerDetail.Changed changes() {
        return AnswerTables.changes(space, outcomes.get(Role.LIVE).answers(), outcomes.get(Role.CANDIDATE).answers());
    }

    /** A prompt class by class in the joint label space. */
    public AnswerDetail.ClassTable classes(Role role) {
        return AnswerTables.classes(space, outcomes.get(role).answers());
    }

    /** The candidate against the live prompt in the joint label space. */
    public PairedOutcomes jointAgainstLive() {
        return PairedOutcomes.of(outcomes.get(Role.CANDIDATE).joint(), outcomes.get(Role.LIVE).joint());
    }
}
