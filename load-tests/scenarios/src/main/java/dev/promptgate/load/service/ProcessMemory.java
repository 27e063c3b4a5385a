package dev.promptgate.load.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of a process, as Linux tells it. */
final class ProcessMemory {
    private ProcessMemory() {}

    /** Bytes; NaN where the system does not tell. */
    static double residentBytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream().filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", ""))).findFirst().orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN; // another system, or the process has ended
        }
    }
}
