package dev.promptgate.load.service;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process whose meters and memory are sampled.
 *
 * @param name the service's
 * @param address where its metrics are; null if it has none
 * @param handle null if it runs elsewhere: its memory and time then come from its meters alone
 */
public record Watched(String name, URI address, ProcessHandle handle) {
    /** Processor time used; NaN where it is not told. */
    double cpuSeconds() {
        return handle == null ? Double.NaN : handle.info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(Double.NaN);
    }

    /** Resident memory as Linux tells it; NaN where it is not told. */
    double residentBytes() {
        if (handle == null) {
            return Double.NaN;
        }
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(handle.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", ""))).findFirst().orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN; // another system, or the process has ended
        }
    }
}
