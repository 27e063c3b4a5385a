package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One safetensors file, checked whole when opened: header, types, offsets against the file's size. */
public final class SafetensorsFile implements AutoCloseable {
    private static final long MAX_HEADER_BYTES = 100L << 20;

    private record Entry(DataType type, Shape shape, long begin, long end) {}

    private final Path file;
    private final FileChannel channel;
    private final long dataStart;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private SafetensorsFile(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        long size = channel.size();
        ByteBuffer length = read(0, (int) Math.min(8, size));
        long headerBytes = size < 8 ? -1 : length.getLong();
        if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER_BYTES, size - 8)) {
            throw broken("its header does not fit the file's " + size + " bytes");
        }
        dataStart = 8 + headerBytes;
        JsonNode header = new ObjectMapper().readTree(read(8, (int) headerBytes).array());
        if (header == null || !header.isObject()) {
            throw broken("its header is not a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals("__metadata__")) {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue(), size - dataStart));
            }
        }
    }

    /** @throws ModelException if the file is missing, truncated or no safetensors file */
    public static SafetensorsFile open(Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file);
            return new SafetensorsFile(file, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException suppressed) {
                    e.addSuppressed(suppressed);
                }
            }
            if (e instanceof ModelException modelException) {
                throw modelException;
            }
            throw new ModelException("Weights cannot be read; is the file truncated? fetch it again [file: %s, cause: %s]"
                    .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")), e);
        }
    }

    public Set<String> names() {
        return entries.keySet();
    }

    /** The shape of a tensor that is there. */
    public Shape shape(String name) {
        return entries.get(name).shape();
    }

    /** One tensor in its stored type, owned by the manager. */
    public NDArray tensor(NDManager manager, String name) {
        Entry entry = entries.get(name);
        try {
            ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(entry.end() - entry.begin())).order(ByteOrder.nativeOrder());
            readFully(bytes, dataStart + entry.begin());
            try (NDArray borrowed = manager.create(bytes, entry.shape(), entry.type())) {
                return borrowed.duplicate(); // on CPU the array borrows the Java buffer; the copy is PyTorch's own
            }
        } catch (IOException | ArithmeticException e) {
            throw new ModelException("A tensor cannot be read [file: %s, tensor: %s]".formatted(file, name), e);
        }
    }

    private Entry entry(String name, JsonNode node, long dataBytes) {
        DataType type = switch (node.path("dtype").asText()) {
            case "F32" -> DataType.FLOAT32;
            case "F16" -> DataType.FLOAT16;
            case "BF16" -> DataType.BFLOAT16;
            case "F64" -> DataType.FLOAT64;
            case "I64" -> DataType.INT64;
            case "I32" -> DataType.INT32;
            default -> throw broken("tensor " + name + " has the unsupported type " + node.path("dtype"));
        };
        long[] dims = new long[node.path("shape").size()];
        long bytes = type.getNumOfBytes();
        for (int i = 0; i < dims.length; i++) {
            dims[i] = node.path("shape").get(i).asLong(-1);
            bytes = dims[i] < 0 ? -1 : Math.multiplyExact(bytes, dims[i]);
        }
        long begin = node.path("data_offsets").path(0).asLong(-1);
        long end = node.path("data_offsets").path(1).asLong(-1);
        if (begin < 0 || end < begin || end > dataBytes || end - begin != bytes) {
            throw broken("tensor " + name + " reaches beyond the file's end or does not fit its shape (truncated?)");
        }
        return new Entry(type, new Shape(dims), begin, end);
    }

    private ByteBuffer read(long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        readFully(buffer, position);
        return buffer;
    }

    private void readFully(ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, at);
            if (n < 0) {
                throw new IOException("the file ends early");
            }
            at += n;
        }
        buffer.flip();
    }

    private ModelException broken(String why) {
        return new ModelException("Not a usable safetensors file: " + why + "; fetch it again [file: " + file + "]");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ModelException("Closing the weights failed [file: " + file + "]", e);
        }
    }
}
