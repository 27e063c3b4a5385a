package dev.promptgate.clip.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which library multiplies a processor's float32 matrices, and in what. While PyTorch's "float32 matmul precision" is medium they go to
 * oneDNN instead of MKL. Where the processor has units for bfloat16 (AMX), oneDNN then rounds the factors to bfloat16 and sums in float32;
 * elsewhere it computes in float32. So the switch serves for both: for bfloat16, and, on AMD's processors, for float32, since MKL takes a
 * slow path there. What it does here is found out by a product, not by the processor's name.
 *
 * <p>It is one switch for the whole process and not in DJL's interface, so it is set in libtorch itself, and whoever computes says in which
 * precision: those of one kind keep those of the other out. Thread-safe; PyTorch must be loaded.
 */
public final class MatrixUnits {
    /** Ends with what is computed in it; closed on the thread that began it. */
    public interface Region extends AutoCloseable {
        @Override
        void close();
    }

    private static final Logger LOG = LoggerFactory.getLogger(MatrixUnits.class);
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final String AMD = "AuthenticAMD";
    private static final int PROBE_SIZE = 512;
    // Relative differences of products: rounding to 8 bits of mantissa makes 2e-3, another order of float32 sums 4e-7.
    private static final double LEAST_OF_BFLOAT16 = 1e-4;
    private static final double MOST_OF_FLOAT32 = 1e-5;
    // at::Float32MatmulPrecision
    private static final int HIGHEST = 0;
    private static final int MEDIUM = 2;

    private static final ReadWriteLock PRECISION = new ReentrantReadWriteLock(true);
    private static volatile boolean engaged;

    private MatrixUnits() {}

    /** Whether PyTorch would use this processor's units for bfloat16. The first call chooses the library for float32. */
    public static boolean present() {
        return Found.HERE.hasUnits;
    }

    /** Waits until nobody computes in bfloat16; then nobody does until the region is closed. Many may be in such regions. */
    public static Region float32() {
        return enter(PRECISION.readLock());
    }

    /** Waits until nobody else computes; until the region is closed nobody does, and products are in bfloat16 where there are units. */
    public static Region bfloat16() {
        Region alone = enter(PRECISION.writeLock());
        if (!present()) {
            return alone;
        }
        Switch.set(MEDIUM);
        engaged = true;
        return () -> {
            engaged = false;
            Switch.set(HIGHEST);
            alone.close();
        };
    }

    private static Region enter(Lock lock) {
        lock.lock();
        return lock::unlock;
    }

    /** Whether products are in bfloat16 now; for whoever is in a region. */
    public static boolean engaged() {
        return engaged;
    }

    /** What the switch does here. */
    private record Found(boolean hasUnits) {
        static final Found HERE = look();

        private static Found look() {
            try {
                double difference = difference();
                if (difference < MOST_OF_FLOAT32 && isAmd()) {
                    Switch.set(MEDIUM);
                }
                return new Found(difference > LEAST_OF_BFLOAT16);
            } catch (RuntimeException | LinkageError e) {
                LOG.info("Matrices are multiplied as PyTorch does by default: this libtorch has no switch for it [cause: {}]",
                        e.toString());
                return new Found(false);
            }
        }

        /** Of one product in both positions, relative to its norm. */
        private static double difference() {
            try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
                NDArray factor = manager.arange(PROBE_SIZE * PROBE_SIZE).toType(DataType.FLOAT32, false).sin()
                        .reshape(new Shape(PROBE_SIZE, PROBE_SIZE));
                NDArray exact = factor.matMul(factor);
                NDArray other;
                try {
                    Switch.set(MEDIUM);
                    other = factor.matMul(factor);
                } finally {
                    Switch.set(HIGHEST);
                }
                return other.sub(exact).norm().getFloat() / exact.norm().getFloat();
            }
        }

        private static boolean isAmd() {
            try (Stream<String> lines = Files.lines(PROCESSOR)) {
                return lines.filter(line -> line.startsWith("vendor_id")).findFirst().orElse("").contains(AMD);
            } catch (IOException e) {
                return false; // not Linux
            }
        }

    }

    /** libtorch's, by the names that its C++ methods have in the library. */
    private static final class Switch {
        private static final NativeLibrary TORCH = NativeLibrary.getInstance(
                Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu")).toString());
        private static final Pointer CONTEXT = TORCH.getFunction("_ZN2at13globalContextEv").invokePointer(new Object[0]);

        private Switch() {}

        static void set(int precision) {
            TORCH.getFunction("_ZN2at7Context25setFloat32MatmulPrecisionENS_22Float32MatmulPrecisionE")
                    .invokeVoid(new Object[] {CONTEXT, precision});
        }
    }
}
