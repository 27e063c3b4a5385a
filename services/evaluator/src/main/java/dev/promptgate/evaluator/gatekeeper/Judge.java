package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.evidence.Comparison.Role;
import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.evaluator.evidence.HeldOutImage;
import dev.promptgate.evaluator.evidence.LabelSpace;
import dev.promptgate.learning.gate.GateEvidence;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.RolloutGate;
import dev.promptgate.learning.gate.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Compares prompts on images. Blocking: runs the text tower. */
public final class Judge {
    /** What a look at a candidate gave. */
    public record Judgement(Comparison comparison, Verdict verdict) {}

    private final GateSettings gate;
    private final TextEncoder encoder;
    private final LivePrompts live;

    Judge(GateSettings gate, TextEncoder encoder, LivePrompts live) {
        this.gate = gate;
        this.encoder = encoder;
        this.live = live;
    }

    /**
     * The candidate against the live prompt and against the best that ever was live: many small losses, each allowed, shall not add up.
     *
     * @param images that stood in the topic before the candidate's horizon
     */
    Judgement judge(Candidate candidate, List<HeldOutImage> images) {
        LabelSpace space = LabelSpace.of(candidate.snapshot().metadata().classes(), images);
        Comparison comparison = compare(space, candidate.snapshot().context());
        List<GateEvidence> evidence = new ArrayList<>(List.of(comparison.against(Role.LIVE, "live")));
        if (live.best().version() != live.current().version()) {
            evidence.add(comparison.against(Role.BEST, "best"));
        }
        return new Judgement(comparison, RolloutGate.decide(gate, evidence, space.fewestPerSeenClass(), candidate.tests() + 1));
    }

    /** The live prompt and the hand-written one. */
    Comparison measure(List<String> seenClasses, List<HeldOutImage> images) {
        return compare(LabelSpace.of(seenClasses, images), null);
    }

    private Comparison compare(LabelSpace space, Context candidate) {
        Map<Role, Context> prompts = new EnumMap<>(Role.class);
        prompts.put(Role.ZERO_SHOT, live.handWritten().context());
        prompts.put(Role.LIVE, live.current().context());
        if (candidate != null) {
            prompts.put(Role.BEST, live.best().context());
            prompts.put(Role.CANDIDATE, candidate);
        }
        return Comparison.of(space, encoder, prompts);
    }
}
