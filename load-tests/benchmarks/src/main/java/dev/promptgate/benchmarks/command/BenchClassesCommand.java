package dev.promptgate.benchmarks.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.benchmarks.measure.ClassesBenchmark;
import dev.promptgate.benchmarks.measure.ClassesReport;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.logging.LogLevel;
import dev.promptgate.cli.model.ModelOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code promptgate bench classes}. */
@Command(name = "classes", mixinStandardHelpOptions = true, description = "What grows with the number of classes: learner, evaluator, "
        + "classifier and console, a process each on an embedded broker, take in features of so many classes, learn, judge and roll out "
        + "two candidates. Writes report.json and report.md.", footer = {
                "", "Examples:", "  promptgate bench classes --output bench-classes",
                "  promptgate bench classes --classes 100,1000 --steps 20 --classes-per-step 0"})
public final class BenchClassesCommand extends PromptgateCommand {
    @Mixin
    private ModelOptions model;

    @Option(names = "--classes", split = ",", defaultValue = "100,1000,10000", description = "numbers of classes, each measured by itself; "
            + "default ${DEFAULT-VALUE}")
    private List<Integer> classes;

    @Option(names = "--images", defaultValue = "2", description = "training and held-out images of a class, each; default ${DEFAULT-VALUE}")
    private int images;

    @Option(names = "--steps", defaultValue = "10", description = "of an update (learner.steps); default ${DEFAULT-VALUE}")
    private int steps;

    @Option(names = "--classes-per-step", defaultValue = "1000", description = "learner.classes-per-step; default ${DEFAULT-VALUE}")
    private int classesPerStep;

    @Option(names = "--heap", defaultValue = "1g", description = "largest Java heap of each service; default ${DEFAULT-VALUE}")
    private String heap;

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "bench-classes", description = "the report and the services' logs go "
            + "here; default ${DEFAULT-VALUE}")
    private Path output;

    @Override
    public Integer call() throws Exception {
        if (classes.stream().anyMatch(count -> count < 2) || images < 1 || steps < 2) {
            throw new IllegalArgumentException("--classes and --steps must be at least 2, --images at least 1");
        }
        LogLevel.warningsUnlessChosen();
        Map<Integer, Map<String, Double>> figures = new LinkedHashMap<>();
        for (int count : classes) {
            Path directory = Files.createDirectories(output.resolve("classes-" + count));
            ClassesBenchmark benchmark = new ClassesBenchmark(common, model.settings(),
                    new ClassesBenchmark.Size(count, images, steps, classesPerStep, heap), directory);
            figures.put(count, benchmark.measure());
            out().printf("%d classes: %s%n", count, figures.get(count));
            out().flush();
        }
        ClassesReport report = new ClassesReport("promptgate " + String.join(" ", spec.commandLine().getParseResult().originalArgs()),
                figures);
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(output.resolve("report.json").toFile(), report);
        Files.writeString(output.resolve("report.md"), report.markdown());
        out().println(output.resolve("report.md"));
        return 0;
    }
}
