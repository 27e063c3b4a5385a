package dev.promptgate.cli.command;

import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.cli.model.DeviceMeters;
import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.ingest.config.IngestMeters;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.references.ReferenceMeters;
import dev.promptgate.service.host.HostMeters;
import dev.promptgate.service.metrics.MeterSpec;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "meters", mixinStandardHelpOptions = true, description = "Prints the table of all meters that /metrics shows, as Markdown.")
public final class MetersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    public static List<MeterSpec> all() {
        return Stream.of(HostMeters.ALL, DeviceMeters.ALL, EncoderMeters.ALL, ReferenceMeters.ALL, LearnerMeters.ALL, EvaluatorMeters.ALL,
                ClassifierMeters.ALL, IngestMeters.ALL,
                ConsoleMeters.ALL).flatMap(group -> group.all().stream()).toList();
    }

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(MeterSpec.markdown(all()).stripTrailing());
        return 0;
    }
}
