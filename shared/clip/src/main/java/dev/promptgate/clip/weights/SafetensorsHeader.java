package dev.promptgate.clip.weights;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.weights.stored.RefusedException;
import dev.promptgate.clip.weights.stored.StoredTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The header of a safetensors file (https://github.com/huggingface/safetensors): its length, JSON that tells where each tensor lies, and
 * text metadata; the data follow. Reading is strict and bounded: whatever the bytes, the outcome is a header whose tensors lie within the
 * file, or an {@link IOException} whose message is one line that begins with what is wrong of "it".
 *
 * @param metadata empty if there is none
 * @param tensors by name, in the header's order
 * @param dataStart where the data begin, bytes from the start of the file
 * @param dataBytes from there to the end of the file
 */
public record SafetensorsHeader(Map<String, String> metadata, Map<String, Tensor> tensors, long dataStart, long dataBytes) {
    /** Where a tensor's bytes, which are those of its shape unless the type is unknown, begin and end, from the start of the data. */
    public record Tensor(DataType type, long[] shape, long begin, long end) {}

    private static final String METADATA = "__metadata__";
    private static final int MAX_WEIGHTS_HEADER_BYTES = 16 << 20;
    private static final int LENGTH_BYTES = Long.BYTES;
    private static final int ALIGNMENT = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a whole file, with a header of {@code maxBytes} at most. */
    public static SafetensorsHeader read(byte[] file, int maxBytes) throws IOException {
        return read(Channels.newChannel(new ByteArrayInputStream(file)), file.length, maxBytes);
    }

    /** The channel is at the file's start; afterwards at the start of the data. The file's size and the longest header are bytes. */
    public static SafetensorsHeader read(ReadableByteChannel file, long size, int maxBytes) throws IOException {
        return read(file, size, maxBytes, false);
    }

    /** The tensors of a file of weights, which may have metadata that are no text. */
    static Map<String, StoredTensor> stored(FileChannel file) throws IOException {
        SafetensorsHeader header = read(file, file.size(), MAX_WEIGHTS_HEADER_BYTES, true);
        Map<String, StoredTensor> stored = new LinkedHashMap<>();
        header.tensors.forEach((name, tensor) -> stored.put(name,
                StoredTensor.contiguous(tensor.type, tensor.shape, header.dataStart + tensor.begin)));
        return stored;
    }

    private static SafetensorsHeader read(ReadableByteChannel file, long size, int maxBytes, boolean anyMetadata) throws IOException {
        long length = size < LENGTH_BYTES ? -1 : take(file, LENGTH_BYTES).getLong();
        if (length < 2 || length > Math.min(maxBytes, size - LENGTH_BYTES)) {
            throw new IOException("its header does not fit its %d bytes".formatted(size));
        }
        JsonNode header = parse(take(file, (int) length).array());
        long dataStart = LENGTH_BYTES + length;
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals(METADATA)) {
                tensors.put(field.getKey(), tensor(field.getKey(), field.getValue(), size - dataStart));
            }
        }
        long end = 0;
        Comparator<Tensor> place = Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end);
        for (Tensor tensor : tensors.values().stream().sorted(place).toList()) {
            if (tensor.begin < end) {
                throw new IOException("its tensors overlap");
            }
            end = tensor.end;
        }
        Map<String, String> metadata = anyMetadata ? Map.of() : metadata(header.path(METADATA));
        return new SafetensorsHeader(metadata, tensors, dataStart, size - dataStart);
    }

    /** Begins a file that holds one float32 matrix. */
    public static ByteBuffer begin(Map<String, String> metadata, String name, int rows, int columns) {
        return begin(metadata, name, DataType.FLOAT32, rows, columns);
    }

    /**
     * Begins a file that holds one matrix, of float32 or float16.
     *
     * @return of the whole file's size, little-endian, at the place where the matrix is to be put, row by row; aligned to 8 bytes
     * @throws ArithmeticException if the file would be larger than an array can be
     */
    public static ByteBuffer begin(Map<String, String> metadata, String name, DataType type, int rows, int columns) {
        int dataBytes = Math.multiplyExact(Math.multiplyExact(rows, columns), type.getNumOfBytes());
        ObjectNode header = JSON.createObjectNode();
        header.set(METADATA, JSON.valueToTree(metadata));
        ObjectNode tensor = header.putObject(name).put("dtype", type == DataType.FLOAT16 ? "F16" : "F32");
        tensor.putArray("shape").add(rows).add(columns);
        tensor.putArray("data_offsets").add(0).add(dataBytes);
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padding = -json.length & (ALIGNMENT - 1);
        int length = json.length + padding;
        ByteBuffer file = ByteBuffer.allocate(Math.addExact(LENGTH_BYTES + length, dataBytes)).order(ByteOrder.LITTLE_ENDIAN);
        return file.putLong(length).put(json).put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    }

    /** The shape [rows, columns] of a float32 matrix that fills the data; an IOException if the file holds anything else. */
    public long[] onlyMatrix(String name) throws IOException {
        return onlyMatrix(name, DataType.FLOAT32);
    }

    /** The same of a matrix of another type. */
    public long[] onlyMatrix(String name, DataType type) throws IOException {
        Tensor tensor = tensors.get(name);
        if (tensor == null || tensors.size() > 1 || tensor.type() != type || tensor.shape().length != 2) {
            throw new IOException("it does not hold the %s matrix %s alone".formatted(type.name().toLowerCase(Locale.ROOT), name));
        }
        if (tensor.begin() != 0 || tensor.end() != dataBytes) {
            throw new IOException("its matrix %s does not fit its bytes (truncated?)".formatted(name));
        }
        return tensor.shape();
    }

    private static JsonNode parse(byte[] json) throws IOException {
        JsonNode header;
        try {
            header = JSON.readTree(json);
        } catch (IOException e) {
            throw new IOException("its header is broken JSON", e);
        }
        if (header == null || !header.isObject()) {
            throw new IOException("its header is not a JSON object");
        }
        return header;
    }

    private static Map<String, String> metadata(JsonNode node) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new IOException("its metadata are not all text");
            }
            metadata.put(field.getKey(), field.getValue().asText());
        }
        return metadata;
    }

    private static Tensor tensor(String name, JsonNode node, long dataBytes) throws IOException {
        DataType type = switch (node.path("dtype").asText()) {
            case "F32" -> DataType.FLOAT32;
            case "F16" -> DataType.FLOAT16;
            case "BF16" -> DataType.BFLOAT16;
            case "F64" -> DataType.FLOAT64;
            case "I64" -> DataType.INT64;
            case "I32" -> DataType.INT32;
            default -> DataType.UNKNOWN;
        };
        long[] shape = new long[node.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = whole(node.path("shape").get(i));
        }
        long begin = node.path("shape").isArray() ? whole(node.path("data_offsets").path(0)) : -1;
        long end = whole(node.path("data_offsets").path(1));
        if (begin < 0 || end < begin || end > dataBytes
                || type != DataType.UNKNOWN && end - begin != bytes(type, shape)) {
            throw new IOException("its tensor %s reaches beyond its end or does not fit its shape (truncated?)"
                    .formatted(RefusedException.shown(name)));
        }
        return new Tensor(type, shape, begin, end);
    }

    /** −1 if it is no whole number of 64 bits. */
    private static long whole(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? node.asLong() : -1;
    }

    /** −1 if there is no such array. */
    private static long bytes(DataType type, long[] shape) {
        try {
            return LongStream.of(shape).anyMatch(side -> side < 0) ? -1
                    : Math.multiplyExact(type.getNumOfBytes(), StoredTensor.elements(shape));
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    private static ByteBuffer take(ReadableByteChannel file, int bytes) throws IOException {
        return fill(ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN), file);
    }

    private static ByteBuffer fill(ByteBuffer buffer, ReadableByteChannel file) throws IOException {
        while (buffer.hasRemaining()) {
            if (file.read(buffer) < 0) {
                throw new IOException("it ends early");
            }
        }
        return buffer.flip();
    }
}
