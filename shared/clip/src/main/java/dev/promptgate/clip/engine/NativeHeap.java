package dev.promptgate.clip.engine;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.Optional;

/**
 * The C library's heap, in which PyTorch's arrays lie. Where passes differ in size, as those of a text tower do with the number of classes,
 * freed arrays leave gaps that the next ones do not fit into, and the process grows with every size that it has not seen yet.
 */
public final class NativeHeap {
    private static final Optional<Function> MALLOC_TRIM = find();

    private NativeHeap() {}

    private static Optional<Function> find() {
        try {
            return Optional.of(NativeLibrary.getInstance("c").getFunction("malloc_trim"));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty(); // not glibc
        }
    }

    /** Gives free memory back to the system, that between arrays in use, too; takes milliseconds. Without glibc it does nothing. */
    public static void trim() {
        MALLOC_TRIM.ifPresent(trim -> trim.invokeInt(new Object[] {0L}));
    }
}
