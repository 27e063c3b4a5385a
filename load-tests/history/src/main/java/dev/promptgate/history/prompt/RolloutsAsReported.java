package dev.promptgate.history.prompt;

import dev.promptgate.history.invariant.CommittedOffsets;
import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A change of the live prompt and its report are one transaction: prompt-rollouts ends with what the last report of a change says is live.
 * What it held before is compacted. Nothing is checked if it changes while the history is read, or no report tells of a change.
 */
public final class RolloutsAsReported implements Invariant {
    private final Supplier<OptionalLong> end;
    private final Violations violations = new Violations("rollouts-as-reported");
    private OptionalLong endBefore = OptionalLong.empty();
    private Optional<Place> rollout = Optional.empty();
    private long live;
    private Optional<Place> report = Optional.empty();
    private long reported;

    /** @param end reads the offset behind the last record of prompt-rollouts; empty while a transaction is open there */
    public RolloutsAsReported(Supplier<OptionalLong> end) {
        this.end = end;
    }

    @Override
    public void begin(CommittedOffsets committed) {
        endBefore = end.get();
    }

    @Override
    public void rollout(Place place, Optional<Prompt> prompt) {
        rollout = Optional.of(place);
        live = prompt.map(Prompt::version).orElse(0L);
    }

    @Override
    public void report(Place place, EvaluationReport told) {
        if (told instanceof VerdictReport verdict && verdict.isRolledOut()) {
            report = Optional.of(place);
            reported = verdict.ruling().candidateVersion();
        } else if (told instanceof ReplacementReport change && change.kind() != Kind.ALARM) {
            report = Optional.of(place);
            reported = change.replacement().to();
        }
    }

    @Override
    public Finding finish() {
        if (report.isPresent() && endBefore.isPresent() && endBefore.equals(end.get())) {
            violations.checked();
            if (reported != live) {
                violations.add("%s says that version %d is live, but prompt-rollouts ends with %s", report.get(), reported,
                        rollout.map(place -> "version %d (%s)".formatted(live, place)).orElse("no record"));
            }
        }
        return violations.finding();
    }
}
