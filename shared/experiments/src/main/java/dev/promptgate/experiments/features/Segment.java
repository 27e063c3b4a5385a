package dev.promptgate.experiments.features;

import dev.promptgate.clip.weights.SafetensorsHeader;
import dev.promptgate.experiments.data.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * One file of the cache, in safetensors layout, so that any consumer reads it with a stock library: a tensor {@code features}, float32 [n,
 * dim], and as metadata the format, the model's image fingerprint, the n keys, a space between two, and a CRC-32 of keys and data. Never
 * changed once written.
 */
final class Segment {
    private static final String FORMAT = "promptgate-image-features-1";
    private static final String TENSOR = "features";
    private static final int MAX_HEADER_BYTES = 64 << 20;

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
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("model", fingerprint);
        metadata.put("keys", keys);
        metadata.put("crc32", checksum(keys, data));
        return SafetensorsHeader.begin(metadata, TENSOR, features.size(), dim).put(data).flip();
    }

    /**
     * The wanted features of a segment; where none is, its data are not read.
     *
     * @throws IOException if the file cannot be read whole: it is to be ignored then
     * @throws DataException if it belongs to another model
     */
    static Map<String, float[]> read(Path file, String fingerprint, int dim, Predicate<String> wanted) throws IOException, DataException {
        try (FileChannel channel = FileChannel.open(file)) {
            SafetensorsHeader header = SafetensorsHeader.read(channel, channel.size(), MAX_HEADER_BYTES);
            Map<String, String> metadata = header.metadata();
            if (!FORMAT.equals(metadata.get("format"))) {
                throw new IOException("it is not of the format " + FORMAT);
            }
            if (!fingerprint.equals(metadata.get("model"))) {
                throw new DataException(
                        "A file of the feature cache belongs to another model; delete it, or move it back where it came from"
                                + " [file: %s, model: %s, its model: %s]".formatted(file, fingerprint, metadata.get("model")));
            }
            String joined = metadata.getOrDefault("keys", "");
            List<String> keys = List.of(joined.split(" "));
            long[] shape = header.onlyMatrix(TENSOR);
            if (shape[0] != keys.size() || shape[1] != dim || header.dataBytes() > Integer.MAX_VALUE) {
                throw new IOException("its %d bytes are not those of %d features".formatted(channel.size(), keys.size()));
            }
            if (keys.stream().noneMatch(wanted)) {
                return Map.of();
            }
            ByteBuffer data = ByteBuffer.allocate((int) header.dataBytes()).order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining()) {
                if (channel.read(data) < 0) {
                    throw new IOException("it ends early");
                }
            }
            data.flip();
            if (!checksum(joined, data).equals(metadata.get("crc32"))) {
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

    private static String checksum(String keys, ByteBuffer data) {
        CRC32 crc = new CRC32();
        crc.update(keys.getBytes(StandardCharsets.US_ASCII));
        crc.update(data.duplicate());
        return "%08x".formatted(crc.getValue());
    }
}
