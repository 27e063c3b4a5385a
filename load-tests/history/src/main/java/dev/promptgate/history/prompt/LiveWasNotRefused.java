package dev.promptgate.history.prompt;

import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A prompt that was judged was made live by a verdict that lets it pass, and by none that does not. */
public final class LiveWasNotRefused implements Invariant {
    private final Map<Long, Place> lastRollout = new HashMap<>();
    private final Map<Long, String> refused = new HashMap<>();
    private final Set<Long> passed = new HashSet<>();
    private final Violations violations = new Violations("live-was-not-refused");

    @Override
    public void rollout(Place place, Optional<Prompt> live) {
        live.ifPresent(prompt -> lastRollout.put(prompt.version(), place));
    }

    @Override
    public void report(Place place, EvaluationReport report) {
        if (!(report instanceof VerdictReport verdict)) {
            return;
        }
        violations.checked();
        long version = verdict.ruling().candidateVersion();
        boolean passes = verdict.ruling().outcome() == Answer.PASS;
        if (verdict.isRolledOut() && !passes) {
            violations.add("%s rolls out version %d with the outcome %s", place, version, verdict.ruling().outcome());
        } else if (verdict.isRolledOut()) {
            passed.add(version);
        } else {
            refused.put(version, "%s (%s)".formatted(place, verdict.ruling().outcome()));
        }
    }

    @Override
    public Finding finish() {
        lastRollout.forEach((version, place) -> {
            if (refused.containsKey(version) && !passed.contains(version)) {
                violations.add("%s makes version %d live, which %s did not let out", place, version, refused.get(version));
            }
        });
        return violations.finding();
    }
}
