package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.accuracy.ProtocolOutcomes;
import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.messaging.report.AnswerDetail;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** Prompts side by side on the same images. */
public record Comparison(ComparedImages space, Map<Role, ProtocolOutcomes> outcomes) {
    /** Blocking: runs the text tower, once for each distinct context that is new. */
    public static Comparison of(ComparedImages space, PromptAnswers answers, Map<Role, Context> prompts) {
        Map<Role, ProtocolOutcomes> outcomes = new EnumMap<>(Role.class);
        Map<Context, ProtocolOutcomes> known = new IdentityHashMap<>();
        prompts.forEach((role, context) -> outcomes.put(role, known.computeIfAbsent(context, c -> answers.of(space, c))));
        return new Comparison(space, outcomes);
    }

    public int images() {
        return space.labels().length;
    }

    public Accuracies accuracies(Role role) {
        return outcomes.get(role).accuracies();
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
