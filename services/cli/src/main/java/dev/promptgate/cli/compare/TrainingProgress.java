package dev.promptgate.cli.compare;

import dev.promptgate.experiments.run.Cell;
import dev.promptgate.experiments.run.MethodComparison;
import java.io.IOException;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A comparison with a progress bar: steps done, and the time left. */
final class TrainingProgress {
    private TrainingProgress() {}

    static MethodComparison.Results run(MethodComparison comparison, PrintWriter err) throws IOException {
        ProgressBarBuilder builder = new ProgressBarBuilder().setTaskName("training").setInitialMax(comparison.work())
                .setUpdateIntervalMillis(500);
        try (ProgressBar bar = builder.build()) {
            return comparison.run(new MethodComparison.Listener() {
                @Override
                public void begin(Cell cell) {
                    bar.setExtraMessage(cell.method() + " seed " + cell.seed());
                }

                @Override
                public void advance(long units) {
                    bar.stepBy(units);
                }

                @Override
                public void failed(Cell cell, String reason) {
                    err.printf("promptgate: a run failed [run: %s, reason: %s]%n", cell, reason);
                }
            });
        }
    }
}
