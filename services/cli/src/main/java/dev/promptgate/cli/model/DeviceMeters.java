package dev.promptgate.cli.model;

import dev.promptgate.clip.engine.ComputeDevice;
import dev.promptgate.service.metrics.MeterKind;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** The meters of what a model computes on. */
public final class DeviceMeters {
    public static final MeterSpec MEMORY = new MeterSpec("promptgate.device.memory", MeterKind.GAUGE, List.of("device"),
            "memory in use where the model computes, bytes: of the process (resident, PyTorch's included) on a CPU, of the whole GPU on a GPU");
    public static final MeterSpec MEMORY_LIMIT = new MeterSpec("promptgate.device.memory.limit", MeterKind.GAUGE, List.of("device"),
            "memory there is, bytes");

    private DeviceMeters() {}

    public static List<MeterSpec> all() {
        return List.of(MEMORY, MEMORY_LIMIT);
    }

    public static void register(MeterRegistry registry, ComputeDevice device) {
        Meters meters = new Meters(registry);
        String kind = device.isGpu() ? "gpu" : "cpu";
        meters.gauge(MEMORY, device::memoryUsed, kind);
        meters.gauge(MEMORY_LIMIT, device::memoryTotal, kind);
    }
}
