package dev.promptgate.clip.engine;

import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * A processor's units for products of bfloat16 matrices. PyTorch uses them for float32 matrices while its "float32 matmul precision" is
 * medium: factors are rounded to bfloat16, sums are float32. That is one switch for the whole process and not in DJL's interface, so it is
 * set in libtorch itself, and whoever computes says in which precision: those of one kind keep those of the other out. Thread-safe.
 */
public final class MatrixUnits {
    /** Ends with what is computed in it; closed on the thread that began it. */
    public interface Region extends AutoCloseable {
        @Override
        void close();
    }

    /** What the kernel calls the units; PyTorch multiplies bfloat16 by either. */
    private static final List<String> UNITS = List.of("amx_bf16", "avx512_bf16");
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    // at::Float32MatmulPrecision
    private static final int HIGHEST = 0;
    private static final int MEDIUM = 2;

    private static final ReadWriteLock PRECISION = new ReentrantReadWriteLock(true);
    private static volatile boolean engaged;

    private MatrixUnits() {}

    /** The units of this machine; empty where there are none that PyTorch would use, or the system does not tell. */
    public static Optional<String> present() {
        try (Stream<String> lines = Files.lines(PROCESSOR)) {
            List<String> flags = lines.filter(line -> line.startsWith("flags")).findFirst()
                    .map(line -> Arrays.asList(line.split("\\s+"))).orElse(List.of());
            return UNITS.stream().filter(flags::contains).findFirst();
        } catch (IOException e) {
            return Optional.empty(); // not Linux
        }
    }

    /** Waits until nobody computes in bfloat16; then nobody does until the region is closed. Many may be in such regions. */
    public static Region float32() {
        return enter(PRECISION.readLock());
    }

    /**
     * Waits until nobody else computes; until the region is closed nobody does, and products are in bfloat16.
     *
     * @throws ModelException if this libtorch has no such switch
     */
    public static Region bfloat16() {
        Region alone = enter(PRECISION.writeLock());
        try {
            Switch.set(MEDIUM);
        } catch (RuntimeException | LinkageError e) {
            alone.close();
            throw new ModelException("This libtorch cannot be told to multiply in bfloat16; use --precision float32 [cause: %s]"
                    .formatted(FirstLine.of(e)), e);
        }
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
