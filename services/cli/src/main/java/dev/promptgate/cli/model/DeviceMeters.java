package dev.promptgate.cli.model;

import dev.promptgate.clip.engine.ComputeDevice;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of what a model computes on. */
public final class DeviceMeters {
    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec MEMORY = ALL.gauge("promptgate.device.memory",
            "memory in use where the model computes, bytes: of the process (resident, PyTorch's included) on a CPU, of the whole GPU "
                    + "on a GPU",
            "device");
    public static final MeterSpec MEMORY_LIMIT = ALL.gauge("promptgate.device.memory.limit", "memory there is, bytes", "device");

    private DeviceMeters() {}

    public static void register(MeterRegistry registry, ComputeDevice device) {
        Meters meters = new Meters(registry);
        String kind = device.isGpu() ? "gpu" : "cpu";
        meters.gauge(MEMORY, device::memoryUsed, kind);
        meters.gauge(MEMORY_LIMIT, device::memoryTotal, kind);
    }
}
