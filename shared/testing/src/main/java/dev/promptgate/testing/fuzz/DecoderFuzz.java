package dev.promptgate.testing.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/**
 * Feeds a decoder with damaged inputs. It must come to a result or to the exception that it declares, with one line of message; whatever
 * else escapes fails the test, with the seed that gives the input again, and so does a decode that allocates more than its bound.
 */
public final class DecoderFuzz {
    @FunctionalInterface
    public interface Decoder {
        /** Decodes, or throws what it declares. */
        void decode(byte[] bytes) throws Exception;
    }

    public record Outcome(int inputs, int decoded, int refused, long mostAllocated) {}

    private final String name;
    private final Class<? extends Exception> declared;
    private final ToLongFunction<byte[]> bound;

    /**
     * @param declared the exception that says "these bytes are none"
     * @param bound bytes that decoding an input may allocate
     */
    public DecoderFuzz(String name, Class<? extends Exception> declared, ToLongFunction<byte[]> bound) {
        this.name = name;
        this.declared = declared;
        this.bound = bound;
    }

    /** Runs so many inputs, each a damaged copy of one of the originals. */
    public Outcome run(int inputs, List<byte[]> originals, Decoder decoder) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (byte[] original : originals) {
            try {
                decoder.decode(original); // classes are loaded, which allocates, before anything is measured
            } catch (Exception e) {
                throw new AssertionError(name + ": an undamaged input is refused", e);
            }
        }
        int decoded = 0;
        long most = 0;
        for (int seed = 0; seed < inputs; seed++) {
            byte[] input = Mutations.mutate(originals.get(seed % originals.size()), new SplittableRandom(seed));
            long before = threads.getCurrentThreadAllocatedBytes();
            decoded += decode(decoder, input, seed) ? 1 : 0;
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            if (allocated > bound.applyAsLong(input)) { // maybe a path's first use, which loads classes: again
                before = threads.getCurrentThreadAllocatedBytes();
                decode(decoder, input, seed);
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            most = Math.max(most, allocated);
            if (allocated > bound.applyAsLong(input)) {
                throw new AssertionError("%s: decoding allocates more than it may [seed: %d, input: %d bytes, allocated: %d, bound: %d]"
                        .formatted(name, seed, input.length, allocated, bound.applyAsLong(input)));
            }
        }
        Outcome outcome = new Outcome(inputs, decoded, inputs - decoded, most);
        System.out.printf("fuzz %s: %d inputs, %d decoded, %d refused, at most %d KiB allocated%n", name, inputs, decoded, inputs - decoded,
                most >> 10);
        return outcome;
    }

    private boolean decode(Decoder decoder, byte[] input, int seed) {
        try {
            decoder.decode(input);
            return true;
        } catch (Throwable e) {
            check(e, seed);
            return false;
        }
    }

    private void check(Throwable e, int seed) {
        if (!declared.isInstance(e)) {
            throw new AssertionError("%s: something else than %s escapes [seed: %d]".formatted(name, declared.getSimpleName(), seed), e);
        }
        if (e.getMessage() == null || e.getMessage().isBlank() || e.getMessage().lines().count() != 1) {
            throw new AssertionError("%s: the message is not one line [seed: %d, message: %s]".formatted(name, seed, e.getMessage()), e);
        }
    }
}
