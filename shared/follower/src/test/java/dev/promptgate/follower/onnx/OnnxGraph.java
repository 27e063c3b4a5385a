package dev.promptgate.follower.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an ONNX model (onnx.proto, opset 17) node by node, as far as a vision transformer needs it. Numbers are the fields of the schema.
 */
final class OnnxGraph {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int OPSET = 17;

    /** A message of Protocol Buffers. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7FL) != 0) {
                out.write((int) (left & 0x7F | 0x80));
                left >>>= 7;
            }
            out.write((int) left);
        }

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message real(int field, float value) {
            varint((long) field << 3 | 5);
            out.writeBytes(ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.out.toByteArray());
        }
    }

    private final Message graph = new Message().text(2, "image-tower");
    private int names;

    /** A node's only output, by its name. Attributes are Float, Integer or a list of integers. */
    String node(String operator, Map<String, Object> attributes, String... inputs) {
        Message node = new Message();
        List.of(inputs).forEach(input -> node.text(1, input));
        String output = operator + names++;
        node.text(2, output).text(4, operator);
        new TreeMap<>(attributes).forEach((name, value) -> node.message(5, attribute(name, value)));
        graph.message(1, node);
        return output;
    }

    String node(String operator, String... inputs) {
        return node(operator, Map.of(), inputs);
    }

    private static Message attribute(String name, Object value) {
        Message attribute = new Message().text(1, name);
        if (value instanceof Float real) {
            return attribute.real(2, real).number(20, 1);
        } else if (value instanceof Integer number) {
            return attribute.number(3, number).number(20, 2);
        }
        ((List<?>) value).forEach(number -> attribute.number(8, (Integer) number));
        return attribute.number(20, 7);
    }

    String floats(float[] values, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(FLOAT, raw.array(), shape);
    }

    String integers(long... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        return constant(INT64, raw.array(), values.length);
    }

    private String constant(int type, byte[] raw, long... shape) {
        Message tensor = new Message();
        for (long side : shape) {
            tensor.number(1, side);
        }
        String name = "constant" + names++;
        graph.message(5, tensor.number(2, type).text(8, name).bytes(9, raw));
        return name;
    }

    /** A float32 input; −1 is a side that may be anything. */
    String input(String name, long... shape) {
        graph.message(11, value(name, shape));
        return name;
    }

    /** Names a value as an output. */
    void output(String name, String value, long... shape) {
        graph.message(1, new Message().text(1, value).text(2, name).text(4, "Identity"));
        graph.message(12, value(name, shape));
    }

    private static Message value(String name, long... shape) {
        Message sides = new Message();
        for (long side : shape) {
            sides.message(1, side < 0 ? new Message().text(2, "any") : new Message().number(1, side));
        }
        return new Message().text(1, name).message(2, new Message().message(1, new Message().number(1, FLOAT).message(2, sides)));
    }

    byte[] model() {
        return new Message().number(1, 8).text(2, "promptgate").message(7, graph).message(8, new Message().text(1, "").number(2, OPSET)).out
                .toByteArray();
    }
}
