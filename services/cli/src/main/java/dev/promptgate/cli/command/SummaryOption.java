package dev.promptgate.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option --summary: figures for programs. */
public final class SummaryOption {
    @Option(names = "--summary", paramLabel = "FILE", description = "writes the figures as JSON")
    private Path file;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Shows figures, a line each, and writes them if that is wished. */
    public void report(Map<String, Object> figures, int width) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        figures.forEach((name, value) -> out.printf("%-" + width + "s %s%n", name, value));
        out.flush();
        write(figures);
    }

    /** Writes figures if that is wished. */
    public void write(Object figures) throws IOException {
        write(file, figures);
    }

    /** Over what is there; nothing if {@code file} is null. */
    public static void write(Path file, Object figures) throws IOException {
        if (file != null) {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
        }
    }
}
