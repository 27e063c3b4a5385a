package dev.promptgate.clip.layout;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** Safetensors files whose header says something else about the same bytes. */
public final class EditedWeights {
    private EditedWeights() {}

    /** Writes a file again after a change of its header, which may be the same file. */
    public static Path edit(Path from, Path to, Consumer<ObjectNode> change) throws IOException {
        ByteBuffer whole = ByteBuffer.wrap(Files.readAllBytes(from)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] json = new byte[(int) whole.getLong()];
        whole.get(json);
        ObjectNode header = (ObjectNode) new ObjectMapper().readTree(json);
        change.accept(header);
        byte[] changed = new ObjectMapper().writeValueAsBytes(header);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + changed.length + whole.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(changed.length).put(changed).put(whole);
        return Files.write(to, file.array());
    }

    /** Writes float32 tensors, given by their names. */
    public static void write(Path to, Map<String, Shape> shapes, Map<String, float[]> values) throws IOException {
        ObjectNode header = new ObjectMapper().createObjectNode();
        int end = 0;
        for (Map.Entry<String, float[]> entry : values.entrySet()) {
            ObjectNode tensor = header.putObject(entry.getKey()).put("dtype", "F32");
            LongStream.of(shapes.get(entry.getKey()).getShape()).forEach(tensor.putArray("shape")::add);
            tensor.putArray("data_offsets").add(end).add(end += entry.getValue().length * Float.BYTES);
        }
        byte[] json = new ObjectMapper().writeValueAsBytes(header);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + json.length + end).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (float[] numbers : values.values()) {
            file.asFloatBuffer().put(numbers);
            file.position(file.position() + numbers.length * Float.BYTES);
        }
        Files.write(to, file.array());
    }

    /** Gives all tensors other names. */
    public static Consumer<ObjectNode> renamed(UnaryOperator<String> rename) {
        return header -> {
            ObjectNode before = header.deepCopy();
            header.removeAll();
            before.properties().forEach(entry -> header.set(entry.getKey().startsWith("__") ? entry.getKey()
                    : rename.apply(entry.getKey()), entry.getValue()));
        };
    }

    /** Adds a tensor without elements. */
    public static Consumer<ObjectNode> added(String name) {
        return header -> {
            ObjectNode tensor = header.putObject(name).put("dtype", "F32");
            tensor.putArray("shape").add(0);
            tensor.putArray("data_offsets").add(0).add(0);
        };
    }

    /** Writes another shape of a tensor, for as many numbers. */
    public static Consumer<ObjectNode> reshaped(String name, int... shape) {
        return header -> {
            var sizes = ((ObjectNode) header.get(name)).putArray("shape");
            for (int size : shape) {
                sizes.add(size);
            }
        };
    }
}
