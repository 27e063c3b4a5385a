package dev.promptgate.experiments.run;

import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.protocol.Protocol;
import dev.promptgate.experiments.protocol.Protocol.ComparisonSetting;
import dev.promptgate.experiments.protocol.Protocol.Run;
import dev.promptgate.learning.step.StepReport;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.lang3.Validate;

/**
 * What is to be compared, methods in the order of the report; numbers of training images a class are one, or several for a curve. Without a
 * schedule (null) each method trains by its paper's own.
 */
public record Plan(Protocol protocol, ComparisonSetting setting, List<ComparedMethod> methods, List<Long> seeds, List<Integer> shots,
        TrainingSettings schedule) {
    /** @throws IllegalArgumentException if the steps of a method have no room for more classes than its batches may have */
    public Plan {
        for (ComparedMethod method : methods) {
            TrainingSettings own = schedule != null ? schedule : method.schedule();
            Validate.isTrue(!(method.learner() instanceof ContextLearner learner) || learner.method().takesBatch(own.batch()),
                    "classes-per-step must exceed the batch, whose classes are all in a step, or be 0 for all; set --batch [method: %s]",
                    method.name());
        }
    }

    /** All cells: seed after seed, so that an early look sees every method. */
    public List<Cell> cells() {
        return shots.stream().flatMap(k -> seeds.stream().flatMap(seed -> methods.stream().map(method -> new Cell(method.name(), seed, k))))
                .toList();
    }

    public ComparedMethod method(Cell cell) {
        return methods.stream().filter(method -> method.name().equals(cell.method())).findFirst().orElseThrow();
    }

    public TrainingSettings schedule(ComparedMethod method) {
        if (schedule != null) {
            return schedule;
        }
        return method.schedule() != null ? method.schedule() : new TrainingSettings(1, 1, 1, 0, 0, 0); // a method that does not train
    }

    public Run run(Cell cell, Consumer<StepReport> listener) {
        ComparedMethod method = method(cell);
        return new Run(method.learner(), schedule(method), cell.seed(), cell.shots(), method.labelNoise(), listener);
    }

    /** All that results depend on and the cells have in common; reads every feature. */
    public String circumstances() {
        return String.join("\n", "1", protocol.name(), setting.data().digest(),
                setting.targets().stream().map(target -> target.name() + " " + target.digest()).toList().toString(),
                setting.model().fingerprint(), setting.contextInit(), Integer.toString(setting.waves()));
    }

    /** All that results of a method depend on beyond that. */
    public String circumstances(ComparedMethod method) {
        return String.join("\n", method.name(), method.settings(), schedule(method).toString());
    }
}
