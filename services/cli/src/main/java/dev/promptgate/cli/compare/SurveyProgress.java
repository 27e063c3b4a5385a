package dev.promptgate.cli.compare;

import dev.promptgate.experiments.run.Cell;
import dev.promptgate.experiments.run.CellResult;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.MethodComparison;
import dev.promptgate.experiments.run.Plan;
import dev.promptgate.experiments.run.Survey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Surveys the solutions of the first seed with a progress bar. */
final class SurveyProgress {
    private SurveyProgress() {}

    static Map<ComparedMethod, Survey.Surroundings> run(Plan plan, MethodComparison.Results results, Path folder) throws IOException {
        Survey survey = new Survey(plan, folder);
        Map<ComparedMethod, Survey.Surroundings> found = new LinkedHashMap<>();
        int shots = plan.shots().get(plan.shots().size() - 1);
        try (ProgressBar bar = new ProgressBarBuilder().setTaskName("landscapes").setInitialMax(plan.methods().size()).build()) {
            for (ComparedMethod method : plan.methods()) {
                bar.setExtraMessage(method.name());
                Optional<CellResult> cell = Optional
                        .ofNullable(results.finished().get(new Cell(method.name(), plan.seeds().get(0), shots)));
                if (cell.isPresent()) {
                    survey.of(cell.get()).ifPresent(surroundings -> found.put(method, surroundings));
                }
                bar.step();
            }
        }
        return found;
    }
}
