package dev.promptgate.clip.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.util.cuda.CudaUtils;
import dev.promptgate.clip.engine.ComputeOptions.DeviceChoice;
import dev.promptgate.clip.engine.ComputeOptions.Precision;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a model computes, and how much memory is in use there. Thread-safe. */
public final class ComputeDevice {
    private static final String PYTORCH = "PyTorch";
    private static final String THREADS = "ai.djl.pytorch.num_threads";
    private static final String OPENMP_THREADS = "OMP_NUM_THREADS";
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIBIBYTE = 1024;

    private final Device device;
    private final Precision precision;

    private ComputeDevice(Device device, Precision precision) {
        this.device = device;
        this.precision = precision;
    }

    /**
     * Loads PyTorch's native libraries, once in a process, and finds the device that the choice comes to on this machine.
     *
     * @throws ModelException if PyTorch cannot be had, a GPU is asked for and PyTorch sees none, or the device has not the precision
     */
    public static ComputeDevice open(ComputeOptions options) {
        Engine engine = pyTorch();
        boolean gpuPresent = options.device() != DeviceChoice.CPU && engine.getGpuCount() > 0;
        if (options.device() == DeviceChoice.GPU && !gpuPresent) {
            throw new ModelException("No CUDA device is visible to PyTorch; use --device cpu, or point PYTORCH_LIBRARY_PATH at a"
                    + " libtorch built with CUDA [device: gpu]");
        }
        return new ComputeDevice(gpuPresent ? Device.gpu() : Device.cpu(), precision(options.precision(), gpuPresent));
    }

    private static Precision precision(Precision asked, boolean onGpu) {
        boolean hasUnits = MatrixUnits.present() && !onGpu;
        if (asked == Precision.FLOAT16 && !onGpu) {
            throw new ModelException("float16 is computed on a GPU only; use --precision float32 [device: cpu, precision: float16]");
        }
        if (asked == Precision.BFLOAT16 && !hasUnits) {
            throw new ModelException(onGpu
                    ? "bfloat16 is computed on a processor only; use --precision float16 [device: gpu, precision: bfloat16]"
                    : "PyTorch finds no units for bfloat16 on this processor, which are AMX (amx_bf16); use --precision auto or float32"
                            + " [device: cpu, precision: bfloat16]");
        }
        return asked != Precision.AUTO ? asked : hasUnits ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    private static Engine pyTorch() {
        try {
            shareProcessors();
            return Engine.getEngine(PYTORCH);
        } catch (RuntimeException | LinkageError e) {
            String causes = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause).limit(5)
                    .map(cause -> cause.getClass().getSimpleName() + ": " + FirstLine.of(cause)).distinct()
                    .collect(Collectors.joining("; "));
            throw new ModelException("PyTorch's native libraries cannot be loaded; make room in the directory of DJL_CACHE_DIR (~/.djl.ai),"
                    + " or have PYTORCH_LIBRARY_PATH, if it is set, name a libtorch that fits [cause: %s]".formatted(causes), e);
        }
    }

    /** PyTorch would count the processors of the machine, also where a container gets a share of them only, as the JVM knows. */
    private static void shareProcessors() {
        if (System.getenv(OPENMP_THREADS) == null && System.getProperty(THREADS) == null) {
            System.setProperty(THREADS, Integer.toString(Runtime.getRuntime().availableProcessors()));
        }
    }

    /** A manager that owns what is computed here; the caller closes it. */
    public NDManager newManager() {
        return NDManager.newBaseManager(device, PYTORCH);
    }

    /** What is computed in here: never {@link Precision#AUTO}. */
    public Precision precision() {
        return precision;
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
