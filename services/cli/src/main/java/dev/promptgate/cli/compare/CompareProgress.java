package dev.promptgate.cli.compare;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ImageSet;
import dev.promptgate.experiments.features.FeatureEncoder;
import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.run.Cell;
import dev.promptgate.experiments.run.CellResult;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.MethodComparison;
import dev.promptgate.experiments.run.Plan;
import dev.promptgate.experiments.run.Survey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** The steps of a comparison, each with a progress bar; what was skipped or failed is said on standard error. */
record CompareProgress(PrintWriter err) {
    FeatureSet encode(ImageSet set, ClipModel model, Path store, int views) throws DataException {
        set.notes().forEach(note -> err.println("promptgate: " + note));
        FeatureEncoder.Encoding encoding;
        try (ProgressBar bar = bar("images of " + set.name(), set.images().size())) {
            encoding = FeatureEncoder.encode(set, model, store, views, (done, total, encoded) -> {
                bar.maxHint(total);
                bar.stepTo(done);
                bar.setExtraMessage(encoded + " encoded");
            });
        }
        encoding.notes().forEach(note -> err.println("promptgate: " + note));
        for (FeatureSet.Skipped skipped : encoding.features().skipped()) {
            err.printf("promptgate: skipped, %s [image: %s]%n", skipped.reason(), skipped.id());
        }
        err.printf("%s: %d views encoded, %d from the cache, %d images skipped%n", set.name(), encoding.encoded(), encoding.cached(),
                encoding.features().skipped().size());
        err.flush();
        return encoding.features();
    }

    MethodComparison.Results train(MethodComparison comparison) throws IOException {
        try (ProgressBar bar = bar("training", comparison.work())) {
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

    /** Surveys the solutions of the first seed. */
    static Map<ComparedMethod, Survey.Surroundings> survey(Plan plan, MethodComparison.Results results, Path folder) throws IOException {
        Survey survey = new Survey(plan, folder);
        Map<ComparedMethod, Survey.Surroundings> found = new LinkedHashMap<>();
        int shots = plan.shots().get(plan.shots().size() - 1);
        try (ProgressBar bar = bar("landscapes", plan.methods().size())) {
            for (ComparedMethod method : plan.methods()) {
                bar.setExtraMessage(method.name());
                CellResult cell = results.finished().get(new Cell(method.name(), plan.seeds().get(0), shots));
                if (cell != null) {
                    survey.of(cell).ifPresent(surroundings -> found.put(method, surroundings));
                }
                bar.step();
            }
        }
        return found;
    }

    private static ProgressBar bar(String task, long steps) {
        return new ProgressBarBuilder().setTaskName(task).setInitialMax(steps).setUpdateIntervalMillis(500).build();
    }
}
