package dev.promptgate.experiments.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.text.Context;
import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import dev.promptgate.experiments.method.FewShotLearner.TrainingTask;
import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.protocol.BaseToNew;
import dev.promptgate.experiments.protocol.Oracle;
import dev.promptgate.experiments.protocol.Protocol.ComparisonSetting;
import dev.promptgate.experiments.protocol.Protocol.RunOutcome;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final TrainingSettings SETTINGS = new TrainingSettings(10, 8, 0.1, 1, 0.9, 0);

    @TempDir
    private Path folder;

    private final Oracle oracle = new Oracle();
    private final List<String> log = new ArrayList<>();
    private long advanced;

    private static final class Diverging implements FewShotLearner {
        @Override
        public int steps(TrainingTask task) {
            return 4;
        }

        @Override
        public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
            if (task.seed() == 2) {
                throw new NonFiniteLossException("The loss is not finite");
            }
            return new Oracle().learn(task, from, listener);
        }
    }

    private MethodComparison comparison(TrainingSettings settings, ComparedMethod... methods) throws IOException {
        ComparisonSetting setting = new ComparisonSetting(null, Oracle.data("letters", 7, 5, 3), List.of(), "a photo of a", 3);
        Plan plan = new Plan(new BaseToNew(), setting, List.of(methods), List.of(1L, 2L), List.of(2), settings);
        return new MethodComparison(plan, new DigestFolder(folder, "letters"));
    }

    private static ComparedMethod method(String name, String settings, FewShotLearner learner) {
        return new ComparedMethod(name, name, settings, "", null, learner);
    }

    private MethodComparison.Results run(MethodComparison comparison) throws IOException {
        return comparison.run(new MethodComparison.Listener() {
            @Override
            public void begin(Cell cell) {
                log.add(cell.toString());
            }

            @Override
            public void advance(long units) {
                advanced += units;
            }

            @Override
            public void failed(Cell cell, String reason) {
                log.add("failed " + cell + ": " + reason);
            }
        });
    }

    @Test
    void finishedCellsAreNotDoneAgain() throws IOException {
        ComparedMethod method = method("oracle", "", oracle);
        MethodComparison.Results first = run(comparison(SETTINGS, method));
        assertEquals(2, oracle.tasks.size());
        MethodComparison.Results second = run(comparison(SETTINGS, method));
        assertEquals(2, oracle.tasks.size());
        assertEquals(0, comparison(SETTINGS, method).work());
        for (Cell cell : first.finished().keySet()) {
            assertEquals(first.finished().get(cell).outcome().figures(), second.finished().get(cell).outcome().figures());
        }
    }

    @Test
    void whatWasDoneUnderOtherSettingsIsNoAnswer() throws IOException {
        run(comparison(SETTINGS, method("oracle", "ρ = 0.1", oracle)));
        run(comparison(SETTINGS, method("oracle", "ρ = 0.2", oracle)));
        run(comparison(new TrainingSettings(11, 8, 0.1, 1, 0.9, 0), method("oracle", "ρ = 0.1", oracle)));
        assertEquals(6, oracle.tasks.size());
    }

    @Test
    void aDamagedResultIsDoneAgain() throws IOException {
        ComparedMethod method = method("oracle", "", oracle);
        run(comparison(SETTINGS, method));
        List<Path> files = files();
        Files.writeString(files.get(0), Files.readString(files.get(0)).substring(0, 40));
        Files.writeString(files.get(1), "{}");
        assertEquals(2, run(comparison(SETTINGS, method)).finished().size());
        assertEquals(4, oracle.tasks.size());
        assertEquals(2, files().size());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aMethodThatDivergesFailsAlone() throws IOException {
        MethodComparison.Results results = run(
                comparison(SETTINGS, method("diverging", "", new Diverging()), method("oracle", "", oracle)));
        assertEquals(3, results.finished().size());
        assertEquals(Map.of(new Cell("diverging", 2, 2), "The loss is not finite"), results.failed());
        assertTrue(log.contains("failed diverging, seed 2, 2 shots: The loss is not finite"), log.toString());
        assertEquals(4, advanced); // one for each cell: the oracle reports no steps
    }

    @Test
    void aResultComesBackAsItWas() throws IOException {
        double nan = Double.NaN;
        CellResult result = new CellResult(new Cell("m", 7, 16),
                new RunOutcome(Map.of("a", 0.5, "b", nan), Map.of("a", new boolean[] {true, false, false}), new double[][] {{1, nan}, {}},
                        Optional.of(new Context(1, 2, new float[] {1.5f, -2e-7f})), 8),
                12.5, nan, List.of(new StepReport(1.25, nan, nan, Branch.ERM), new StepReport(1, 2, 0.5, Branch.BISECTOR)));
        CellResult read = CellResult.decode(result.encode());
        assertEquals(result.cell(), read.cell());
        assertEquals(result.outcome().figures(), read.outcome().figures());
        assertArrayEquals(new boolean[] {true, false, false}, read.outcome().correct().get("a"));
        assertArrayEquals(result.outcome().matrix()[0], read.outcome().matrix()[0]);
        assertArrayEquals(result.outcome().context().orElseThrow().values(), read.outcome().context().orElseThrow().values());
        assertEquals(result.reports(), read.reports());
        assertEquals(8, read.outcome().bytes());
        assertTrue(Double.isNaN(read.stepMillis()));
    }
}
