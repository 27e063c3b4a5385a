package dev.promptgate.learning.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.text.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Prompt snapshots as safetensors (https://github.com/huggingface/safetensors): one tensor {@code ctx}, float32 [N, width], and text
 * metadata, so that any consumer reads a prompt with a stock library. Decoding is strict and bounded: whatever the bytes, the outcome is
 * a snapshot or a {@link UnreadablePromptException}.
 */
public final class PromptCodec {
    private static final int MAX_HEADER_BYTES = 1 << 20;
    private static final int MAX_TOKENS = 1024;
    private static final int MAX_WIDTH = 65_536;

    private PromptCodec() {}

    public static byte[] encode(Prompt snapshot) {
        Context context = snapshot.context();
        int dataBytes = context.values().length * Float.BYTES;
        try {
            ObjectNode header = MetadataText.JSON.createObjectNode();
            header.set("__metadata__", MetadataText.JSON.valueToTree(MetadataText.write(snapshot.metadata())));
            ObjectNode tensor = header.putObject("ctx").put("dtype", "F32");
            tensor.putArray("shape").add(context.tokens()).add(context.width());
            tensor.putArray("data_offsets").add(0).add(dataBytes);
            byte[] json = MetadataText.JSON.writeValueAsBytes(header);
            int padded = (json.length + 7) / 8 * 8;
            ByteBuffer out = ByteBuffer.allocate(8 + padded + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
            out.putLong(padded).put(json).put(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
            for (float value : context.values()) {
                out.putFloat(value);
            }
            return out.array();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of text are always JSON", e);
        }
    }

    /** @throws UnreadablePromptException if the bytes are anything but a whole, finite snapshot */
    public static Prompt decode(byte[] bytes) throws UnreadablePromptException {
        if (bytes.length < 8) {
            throw new UnreadablePromptException("The prompt is shorter than a safetensors header [bytes: " + bytes.length + "]");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long headerBytes = in.getLong();
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > bytes.length - 8) {
            throw new UnreadablePromptException("The prompt's header does not fit its bytes; is it truncated? [header: %d, bytes: %d]"
                    .formatted(headerBytes, bytes.length));
        }
        JsonNode header = header(bytes, (int) headerBytes);
        int dataStart = 8 + (int) headerBytes;
        Context context = context(header, in, dataStart, bytes.length - dataStart);
        if (!header.path("__metadata__").isObject()) {
            throw new UnreadablePromptException("The prompt has no metadata");
        }
        return new Prompt(context, MetadataText.read(header.path("__metadata__")));
    }

    private static JsonNode header(byte[] bytes, int length) throws UnreadablePromptException {
        try {
            JsonNode header = MetadataText.JSON.readTree(bytes, 8, length);
            if (header == null || !header.isObject()) {
                throw new UnreadablePromptException("The prompt's header is no JSON object");
            }
            for (Map.Entry<String, JsonNode> field : header.properties()) {
                if (!field.getKey().equals("__metadata__") && !field.getKey().equals("ctx")) {
                    throw new UnreadablePromptException("The prompt holds another tensor than ctx");
                }
            }
            return header;
        } catch (IOException e) {
            throw new UnreadablePromptException("The prompt's header is broken JSON", e);
        }
    }

    private static Context context(JsonNode header, ByteBuffer in, int dataStart, int dataBytes) throws UnreadablePromptException {
        JsonNode tensor = header.path("ctx");
        int tokens = tensor.path("shape").path(0).asInt(-1);
        int width = tensor.path("shape").path(1).asInt(-1);
        if (!"F32".equals(tensor.path("dtype").asText()) || tensor.path("shape").size() != 2
                || tokens < 1 || tokens > MAX_TOKENS || width < 1 || width > MAX_WIDTH) {
            throw new UnreadablePromptException("The prompt's ctx is not float32 [N, width] of a usable size");
        }
        long size = (long) tokens * width * Float.BYTES;
        if (tensor.path("data_offsets").path(0).asLong(-1) != 0 || tensor.path("data_offsets").path(1).asLong(-1) != size
                || size != dataBytes) {
            throw new UnreadablePromptException("The prompt's ctx does not fit its bytes; is it truncated? [shape: [%d, %d], bytes: %d]"
                    .formatted(tokens, width, dataBytes));
        }
        float[] values = new float[tokens * width];
        in.position(dataStart).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        Context context = new Context(tokens, width, values);
        if (!context.isFinite()) {
            throw new UnreadablePromptException("The prompt's ctx holds values that are not finite");
        }
        return context;
    }
}
