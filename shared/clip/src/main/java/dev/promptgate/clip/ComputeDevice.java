package dev.promptgate.clip;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where a model computes, and how much memory is in use there. Thread-safe. */
public final class ComputeDevice {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIBIBYTE = 1024;

    private final Device device;

    ComputeDevice(Device device) {
        this.device = device;
    }

    public boolean isGpu() {
        return device.isGpu();
    }

    /**
     * Bytes: of a GPU what is in use by all processes, of a CPU what this process has resident, PyTorch's memory included; NaN where the
     * system does not tell.
     */
    public double memoryUsed() {
        return isGpu() ? CudaUtils.getGpuMemory(device).getCommitted() : resident();
    }

    /** Bytes there are; NaN where the system does not tell. */
    public double memoryTotal() {
        if (isGpu()) {
            return CudaUtils.getGpuMemory(device).getMax();
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() : Double.NaN;
    }

    private static double resident() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToDouble(line -> Double.parseDouble(line.substring(RESIDENT.length()).replace("kB", "").strip()) * KIBIBYTE)
                    .findFirst().orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN; // not Linux
        }
    }
}
