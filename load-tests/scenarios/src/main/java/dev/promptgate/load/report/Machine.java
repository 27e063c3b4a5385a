package dev.promptgate.load.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a run ran on: without it no figure means anything. Nothing that names the machine.
 *
 * @param cores that this process may use
 * @param memoryMb of the machine or the container
 * @param cpu the processor's name
 * @param java version and maker
 * @param os name, version and architecture
 */
public record Machine(int cores, long memoryMb, String cpu, String java, String os) {
    public static Machine here() {
        long bytes = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system ? system.getTotalMemorySize() : 0;
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
