package dev.promptgate.history.prompt;

import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Each prompt that was live was judged, and has the context of the candidate that was; the hand-written prompt came back by a report. A
 * version that was live before the first report there is, e.g. under another evaluator, counts as judged by nobody.
 */
public final class LiveWasJudged implements Invariant {
    /** Contexts are compared by their digests: of all that were ever live, some kilobytes each would add up. */
    private record Live(Place place, long version, int context) {}

    private final List<Live> rollouts = new ArrayList<>();
    /** By version, the offset of the candidate: one that was refused may have had its version before. */
    private final Map<Long, Long> judged = new HashMap<>();
    private final Map<Long, Integer> contexts = new HashMap<>();
    private final Violations violations = new Violations("live-was-judged");
    private boolean wentBack;

    @Override
    public void rollout(Place place, Optional<Prompt> live) {
        rollouts.add(new Live(place, live.map(Prompt::version).orElse(0L), live.map(LiveWasJudged::digest).orElse(0)));
    }

    @Override
    public void report(Place place, EvaluationReport report) {
        if (report instanceof VerdictReport verdict && verdict.comparison().isPresent()) {
            judged.put(verdict.ruling().candidateVersion(), verdict.ruling().candidateOffset());
        } else if (report instanceof ReplacementReport change && change.replacement().to() == 0) {
            wentBack = true;
        }
    }

    @Override
    public void candidate(Place place, Prompt candidate) {
        if (judged.getOrDefault(candidate.version(), -1L) == place.offset()) {
            contexts.put(candidate.version(), digest(candidate));
        }
    }

    private static int digest(Prompt prompt) {
        return Arrays.hashCode(prompt.context().values());
    }

    @Override
    public Finding finish() {
        for (Live live : rollouts) {
            violations.checked();
            Integer context = contexts.get(live.version());
            if (live.version() == 0 && !wentBack) {
                violations.add("%s goes back to the hand-written prompt, and no report says why", live.place());
            } else if (live.version() > 0 && !judged.containsKey(live.version())) {
                violations.add("%s makes version %d live, which no report judges", live.place(), live.version());
            } else if (context != null && context != live.context()) {
                violations.add("%s makes version %d live with another context than the candidate's that was judged", live.place(),
                        live.version());
            }
        }
        return violations.finding();
    }
}
