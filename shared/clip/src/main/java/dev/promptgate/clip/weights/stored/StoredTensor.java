package dev.promptgate.clip.weights.stored;

import ai.djl.ndarray.types.DataType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.function.IntToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Where a tensor's elements lie in a file, little-endian: element [i, j, ..] at
 * {@code begin + size · (i · strides[0] + j · strides[1] + ..)}. Whoever makes one has checked that all of them lie within the file, and
 * that they are no more than the file has.
 *
 * @param type as stored; {@link DataType#UNKNOWN} for types that no weights have
 * @param strides in elements
 * @param begin of the first element, bytes from the start of the file
 */
public record StoredTensor(DataType type, long[] shape, long[] strides, long begin) {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int MAX_SPREAD = 16;

    /** A tensor whose elements lie one behind the other, the last dimension's first. */
    public static StoredTensor contiguous(DataType type, long[] shape, long begin) {
        return new StoredTensor(type, shape, rowMajor(shape), begin);
    }

    /** The number of elements that a shape has. */
    public static long elements(long[] shape) {
        return LongStream.of(shape).reduce(1, Math::multiplyExact);
    }

    /** The elements from the first to the last of the tensor, with those between that are not its own; 0 if it has none. */
    public static long span(long[] shape, long[] strides) {
        long span = 1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0) {
                return 0;
            }
            span = Math.addExact(span, Math.multiplyExact(shape[i] - 1, strides[i]));
        }
        return span;
    }

    private static long[] rowMajor(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }

    /**
     * Reads the tensor, its elements one behind the other, as float32 in the machine's byte order. Takes a direct buffer of the result's
     * size, beside it a chunk, or a tensor that is not contiguous as it is stored.
     *
     * @throws IOException with one line of what is wrong of "it"
     */
    public ByteBuffer float32(FileChannel channel) throws IOException {
        if (type == DataType.UNKNOWN) {
            throw new IOException("its type is none that weights have");
        }
        long elements = elements(shape);
        if (elements > Integer.MAX_VALUE / Float.BYTES) {
            throw new IOException("it is larger than 2 GiB");
        }
        ByteBuffer values = ByteBuffer.allocateDirect((int) elements * Float.BYTES).order(ByteOrder.nativeOrder());
        if (elements == 0 || isContiguous()) {
            readChunks(channel, values);
        } else {
            long span = span(shape, strides);
            if (span > Integer.MAX_VALUE / type.getNumOfBytes() || span / MAX_SPREAD > elements) {
                throw new IOException("it is spread over more than %d times its size".formatted(MAX_SPREAD));
            }
            gather(element(read(channel, begin, (int) span * type.getNumOfBytes())), 0, 0, values);
        }
        return values.flip();
    }

    private boolean isContiguous() {
        long[] expected = rowMajor(shape);
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] > 1 && strides[i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private void readChunks(FileChannel channel, ByteBuffer values) throws IOException {
        int size = type.getNumOfBytes();
        long position = begin;
        while (values.hasRemaining()) {
            int count = Math.min(values.remaining() / Float.BYTES, CHUNK_BYTES / size);
            IntToDoubleFunction element = element(read(channel, position, count * size));
            for (int i = 0; i < count; i++) {
                values.putFloat((float) element.applyAsDouble(i));
            }
            position += (long) count * size;
        }
    }

    private void gather(IntToDoubleFunction element, int dimension, int index, ByteBuffer values) {
        if (dimension == shape.length) {
            values.putFloat((float) element.applyAsDouble(index));
            return;
        }
        for (int i = 0; i < shape[dimension]; i++) {
            gather(element, dimension + 1, index + i * (int) strides[dimension], values);
        }
    }

    private IntToDoubleFunction element(ByteBuffer stored) throws IOException {
        return switch (type) {
            case FLOAT32 -> i -> stored.getFloat(i * Float.BYTES);
            case FLOAT64 -> i -> stored.getDouble(i * Double.BYTES);
            case FLOAT16 -> i -> half(stored.getShort(i * Short.BYTES));
            case BFLOAT16 -> i -> Float.intBitsToFloat(stored.getShort(i * Short.BYTES) << Short.SIZE);
            case INT64 -> i -> stored.getLong(i * Long.BYTES);
            case INT32 -> i -> stored.getInt(i * Integer.BYTES);
            default -> throw new IOException("its type %s cannot be read as float32".formatted(type));
        };
    }

    /** IEEE 754 binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Float.intBitsToFloat(exponent + 127 - 15 << 23 | fraction << 13);
        };
        return bits < 0 ? -magnitude : magnitude;
    }

    /** Bytes of a file, little-endian; an EOFException if it does not have them. */
    public static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("it ends early");
            }
        }
        return buffer.flip();
    }
}
