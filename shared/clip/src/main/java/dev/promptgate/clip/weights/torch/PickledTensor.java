package dev.promptgate.clip.weights.torch;

import ai.djl.ndarray.types.DataType;
import dev.promptgate.clip.weights.stored.RefusedException;
import dev.promptgate.clip.weights.stored.StoredTensor;
import java.io.IOException;
import java.util.stream.LongStream;

/**
 * A tensor as a pickle describes it: a view of a storage, checked to lie within it.
 *
 * @param offset of the first element in the storage
 * @param strides in elements of the storage
 */
record PickledTensor(Storage storage, long offset, long[] shape, long[] strides) {
    /**
     * A part of the elements that lie under one key.
     *
     * @param type {@link DataType#UNKNOWN} for bytes that a tensor gives its own type
     * @param first of the part among all elements of the key
     */
    record Storage(String key, DataType type, long first, long elements) {}

    private static final int MAX_DIMENSIONS = 16;

    /** @param arguments of {@code torch._utils._rebuild_tensor}: storage, offset, shape, strides; what follows is of no use here */
    static PickledTensor of(Object[] arguments) throws IOException {
        Storage storage = (Storage) arguments[0];
        long[] shape = longs(arguments[2]);
        long[] strides = longs(arguments[3]);
        long offset = number(arguments[1]);
        try {
            if (shape.length > MAX_DIMENSIONS || strides.length != shape.length || offset < 0
                    || LongStream.concat(LongStream.of(shape), LongStream.of(strides)).anyMatch(side -> side < 0)
                    || StoredTensor.elements(shape) > storage.elements
                    || Math.addExact(offset, StoredTensor.span(shape, strides)) > storage.elements) {
                throw beyond(storage);
            }
        } catch (ArithmeticException e) {
            throw beyond(storage);
        }
        return new PickledTensor(storage, offset, shape, strides);
    }

    /** @param begin of the storage's key in the file */
    StoredTensor in(long begin) {
        return new StoredTensor(storage.type, shape, strides, begin + (storage.first + offset) * StorageType.bytes(storage.type));
    }

    private static RefusedException beyond(Storage storage) {
        return new RefusedException("a tensor of it does not lie within its storage of %d elements; save the state dict again"
                .formatted(storage.elements));
    }

    static long[] longs(Object tuple) {
        Object[] values = (Object[]) tuple;
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = number(values[i]);
        }
        return longs;
    }

    /** A ClassCastException if it is none of 64 bits. */
    static long number(Object value) {
        return value instanceof Integer small ? small : (Long) value;
    }
}
