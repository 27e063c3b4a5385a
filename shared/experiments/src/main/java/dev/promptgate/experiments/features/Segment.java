package dev.promptgate.experiments.features;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.experiments.data.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * One file of the cache, in safetensors layout, so that any consumer reads it with a stock library: a tensor {@code features}, float32
 * [n, dim], and as metadata the format, the model's image fingerprint, the n keys, a space between two, and a CRC-32 of keys and data.
 * Never changed once written.
 */
final class Segment {
    private static final String FORMAT = "promptgate-image-features-1";
    private static final int MAX_HEADER_BYTES = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Segment() {}

    static ByteBuffer encode(String fingerprint, int dim, Map<String, float[]> features) {
        int dataBytes = Math.multiplyExact(features.size(), dim * Float.BYTES);
        ByteBuffer data = ByteBuffer.allocate(dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] feature : features.values()) {
            for (float value : feature) {
                data.putFloat(value);
            }
        }
        data.flip();
        String keys = String.join(" ", features.keySet());
        ObjectNode header = JSON.createObjectNode();
        header.putObject("__metadata__").put("format", FORMAT).put("model", fingerprint).put("keys", keys).put("crc32",
                checksum(keys, data));
        ObjectNode tensor = header.putObject("features").put("dtype", "F32");
        tensor.putArray("shape").add(features.size()).add(dim);
        tensor.putArray("data_offsets").add(0).add(dataBytes);
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        ByteBuffer out = ByteBuffer.allocate(8 + padded + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(json).put(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII)).put(data);
        return out.flip();
    }

    /**
     * The wanted features of a segment; where none is, its data are not read.
     *
     * @throws IOException if the file cannot be read whole: it is to be ignored then
     * @throws DataException if it belongs to another model
     */
    static Map<String, float[]> read(Path file, String fingerprint, int dim, Predicate<String> wanted) throws IOException, DataException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            long headerBytes = size < 8 ? -1 : read(channel, 0, 8).getLong();
            if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER_BYTES, size - 8)) {
                throw new IOException("its header does not fit its " + size + " bytes");
            }
            JsonNode header = JSON.readTree(read(channel, 8, (int) headerBytes).array());
            JsonNode metadata = header.path("__metadata__");
            if (!metadata.path("format").asText().equals(FORMAT)) {
                throw new IOException("it is not of the format " + FORMAT);
            }
            if (!metadata.path("model").asText().equals(fingerprint)) {
                throw new DataException(
                        "A file of the feature cache belongs to another model; delete it, or move it back where it came from"
                                + " [file: %s, model: %s, its model: %s]"
                                        .formatted(file, fingerprint, metadata.path("model").asText()));
            }
            List<String> keys = List.of(metadata.path("keys").asText().split(" "));
            long dataBytes = (long) keys.size() * dim * Float.BYTES;
            JsonNode shape = header.path("features").path("shape");
            if (shape.path(0).asInt() != keys.size() || shape.path(1).asInt() != dim || size != 8 + headerBytes + dataBytes
                    || dataBytes > Integer.MAX_VALUE) {
                throw new IOException("its %d bytes are not those of %d features".formatted(size, keys.size()));
            }
            if (keys.stream().noneMatch(wanted)) {
                return Map.of();
            }
            ByteBuffer data = read(channel, 8 + headerBytes, (int) dataBytes);
            if (!checksum(metadata.path("keys").asText(), data).equals(metadata.path("crc32").asText())) {
                throw new IOException("its checksum is wrong");
            }
            return rows(keys, data, dim, wanted);
        }
    }

    private static Map<String, float[]> rows(List<String> keys, ByteBuffer data, int dim, Predicate<String> wanted) {
        Map<String, float[]> features = new HashMap<>();
        for (int row = 0; row < keys.size(); row++) {
            if (wanted.test(keys.get(row))) {
                float[] feature = new float[dim];
                data.slice(row * dim * Float.BYTES, dim * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(feature);
                features.put(keys.get(row), feature);
            }
        }
        return features;
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("it ends early");
            }
        }
        return buffer.flip();
    }

    private static String checksum(String keys, ByteBuffer data) {
        CRC32 crc = new CRC32();
        crc.update(keys.getBytes(StandardCharsets.US_ASCII));
        crc.update(data.duplicate());
        return "%08x".formatted(crc.getValue());
    }
}
