package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.evaluator.report.Report;
import dev.promptgate.evaluator.report.ReportWriter.LiveChange;
import dev.promptgate.evaluator.report.ReportWriter;
import dev.promptgate.learning.prompt.Prompt;
import java.util.Optional;
import java.util.function.Supplier;

/** Writes reports with the state that holds after them, and counts them and the changes of the live prompt. Blocking. Not thread-safe. */
final class Journal {
    static final String STATE = "state";
    static final String WAVES = "waves";

    private final ReportWriter writer;
    private long reports;
    private long changes;
    private long changedNanos = System.nanoTime();

    Journal(ReportWriter writer) {
        this.writer = writer;
    }

    void resume(GateState state) {
        reports = state.report();
        changes = state.rollouts();
    }

    /** @param state what holds after what is reported; asked for when the report has its number */
    void write(Report report, Supplier<GateState> state) {
        write(report, state, Optional.empty());
    }

    /** @param snapshot what is live now; empty for the hand-written prompt */
    void writeChange(Report report, Optional<Prompt> snapshot, LiveRecord live, Supplier<GateState> state) {
        changes++;
        report.with(WAVES, StateCodec.encode(new GateState.Waves(live.waves().histories(), live.handWrittenWaves().histories())));
        Measurement.continual(report, live);
        write(report, state, Optional.of(new LiveChange(snapshot, changes)));
        changedNanos = System.nanoTime();
    }

    private void write(Report report, Supplier<GateState> state, Optional<LiveChange> change) {
        reports++;
        GateState after = state.get();
        writer.write(report.gate(after.isPaused(), after.coolDownUntil()).with(STATE, StateCodec.encode(after)), change, after.position(),
                reports);
    }

    long reports() {
        return reports;
    }

    long changes() {
        return changes;
    }

    long nanosSinceChange() {
        return System.nanoTime() - changedNanos;
    }
}
