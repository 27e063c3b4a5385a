package dev.promptgate.load.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of a process as Linux tells it: bytes, NaN where it is not told, on another system or of a process that has ended. */
public record ResidentMemory(ProcessHandle process) {
    public double now() {
        return line("VmRSS:");
    }

    /** The most since it started. */
    public double peak() {
        return line("VmHWM:");
    }

    private double line(String name) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith(name)).mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
                    .findFirst().orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
