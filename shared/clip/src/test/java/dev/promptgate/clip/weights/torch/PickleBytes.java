package dev.promptgate.clip.weights.torch;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a pickle opcode by opcode, so that tests can write those that no pickler does. */
final class PickleBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Opcodes that need no argument, or with their arguments as bytes. */
    PickleBytes op(int... opcodes) {
        for (int opcode : opcodes) {
            bytes.write(opcode);
        }
        return this;
    }

    PickleBytes proto() {
        return op(0x80, 2);
    }

    PickleBytes line(String text) {
        bytes.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PickleBytes global(String module, String name) {
        return op('c').line(module).line(name);
    }

    PickleBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op('X').int32(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    PickleBytes int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        return this;
    }

    PickleBytes number(long value) {
        return (int) value == value ? op('J').int32((int) value) : number(BigInteger.valueOf(value));
    }

    PickleBytes number(BigInteger value) {
        byte[] bigEndian = value.toByteArray();
        op(0x8a, bigEndian.length);
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            op(bigEndian[i]);
        }
        return this;
    }

    PickleBytes numbers(long... values) {
        op('(');
        for (long value : values) {
            number(value);
        }
        return op('t');
    }

    PickleBytes storage(String type, String key, long elements) {
        return op('(').text("storage").global("torch", type).text(key).text("cpu").number(elements).op('t', 'Q');
    }

    /** A view of the float32 storage 0. */
    PickleBytes tensor(long elements, long offset, long[] shape, long... strides) {
        return tensor("FloatStorage", "0", elements, offset, shape, strides);
    }

    PickleBytes tensor(String type, String key, long elements, long offset, long[] shape, long... strides) {
        return global("torch._utils", "_rebuild_tensor_v2").op('(').storage(type, key, elements).number(offset).numbers(shape)
                .numbers(strides).op(0x89).orderedDict().op('t', 'R');
    }

    PickleBytes orderedDict() {
        return global("collections", "OrderedDict").op(')', 'R');
    }

    byte[] stop() {
        bytes.write('.');
        return bytes.toByteArray();
    }
}
