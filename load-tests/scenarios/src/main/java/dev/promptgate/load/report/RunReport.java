package dev.promptgate.load.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.load.observe.Accounts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run came to; written as report.json.
 *
 * @param stages percentiles by stage, milliseconds
 * @param prompts candidates, verdicts, rollouts and classes in figures
 * @param series per interval; null where nothing was measured
 */
public record RunReport(int format, @JsonUnwrapped Run run, @JsonUnwrapped Timing timing, Accounts accounts,
        Map<String, Map<String, Object>> stages, Map<String, Object> prompts, List<String> notes, Map<String, List<Double>> series) {
    /** What was run and what made it; {@code startedAt} is ISO 8601, UTC. */
    public record Run(String scenario, String command, String startedAt, Map<String, Object> plan, Machine machine) {}

    /**
     * How long.
     *
     * @param intervalSeconds length of an interval of the series
     * @param loadSeconds for so long images were due
     * @param warmUpSeconds of these, the part at the beginning that comparisons leave out
     * @param drained whether all was digested in the end
     * @param drainSeconds from the last image's due time until it was, or until waiting was given up
     */
    public record Timing(double intervalSeconds, double loadSeconds, double warmUpSeconds, boolean drained, double drainSeconds) {}

    /** What a run ran on: without it no figure means anything. Nothing that names the machine. */
    public record Machine(int cores, long memoryMb, String cpu, String java, String os) {
        public static Machine here() {
            long bytes = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system ? system.getTotalMemorySize()
                    : 0;
            return new Machine(Runtime.getRuntime().availableProcessors(), bytes >> 20, processor(),
                    "%s (%s)".formatted(Runtime.version(), System.getProperty("java.vendor")),
                    "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
        }

        private static String processor() {
            try {
                return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst().orElse("unknown");
            } catch (IOException e) {
                return "unknown"; // another system
            }
        }

        @Override
        public String toString() {
            return "%d cores (%s), %d MB, Java %s, %s".formatted(cores, cpu, memoryMb, java, os);
        }
    }

    /** The format that this release writes and reads. */
    public static final int FORMAT = 1;

    private static final ObjectMapper JSON = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** @throws IOException with one line, if there is none or it is not a report of this format */
    public static RunReport read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no report here; name the report.json of an earlier run [file: " + file + "]");
        }
        RunReport report;
        try {
            report = JSON.readValue(file.toFile(), RunReport.class);
        } catch (IOException e) {
            throw new IOException("This is no report of a load; name the report.json of an earlier run [file: %s, cause: %s]"
                    .formatted(file, FirstLine.of(e)), e);
        }
        if (report.format() != FORMAT || report.series() == null || report.accounts() == null || report.run().machine() == null) {
            throw new IOException("This is no report that this release can read; make it anew [file: %s, format: %d, known: %d]"
                    .formatted(file, report.format(), FORMAT));
        }
        return report;
    }

    /** Writes it, over what is there. */
    public void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }

    String planText() throws IOException {
        return JSON.writeValueAsString(run.plan());
    }

    /** A series, empty if there is none of the name. */
    public List<Double> series(String name) {
        return series.getOrDefault(name, List.of());
    }
}
