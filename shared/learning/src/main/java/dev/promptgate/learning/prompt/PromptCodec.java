package dev.promptgate.learning.prompt;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.weights.SafetensorsHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prompts as safetensors (https://github.com/huggingface/safetensors): one tensor {@code ctx}, float32 [N, width], and text metadata, so
 * that any consumer reads a prompt with a stock library. Decoding is strict and bounded: whatever the bytes, the outcome is a prompt or an
 * {@link UnreadablePromptException}.
 */
public final class PromptCodec {
    private static final String TENSOR = "ctx";
    private static final String DESCRIPTIONS = "descriptions";
    private static final int MAX_HEADER_BYTES = 16 << 20;
    private static final int MAX_TOKENS = 1024;
    private static final int MAX_WIDTH = 65_536;

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Long>> TIMES = new TypeReference<>() {};
    private static final TypeReference<Map<Integer, Long>> OFFSETS = new TypeReference<>() {};

    private PromptCodec() {}

    public static byte[] encode(Prompt prompt) {
        Context context = prompt.context();
        ByteBuffer out = SafetensorsHeader.begin(text(prompt.metadata()), TENSOR, context.tokens(), context.width());
        for (float value : context.values()) {
            out.putFloat(value);
        }
        return out.array();
    }

    /** @throws UnreadablePromptException if the bytes are anything but a whole, finite prompt */
    public static Prompt decode(byte[] bytes) throws UnreadablePromptException {
        try {
            SafetensorsHeader header = SafetensorsHeader.read(bytes, MAX_HEADER_BYTES);
            long[] shape = header.onlyMatrix(TENSOR);
            if (shape[0] < 1 || shape[0] > MAX_TOKENS || shape[1] < 1 || shape[1] > MAX_WIDTH) {
                throw new UnreadablePromptException("The prompt's ctx is not of a usable size [shape: [%d, %d]]"
                        .formatted(shape[0], shape[1]));
            }
            float[] values = new float[(int) (shape[0] * shape[1])];
            int dataStart = (int) header.dataStart();
            ByteBuffer.wrap(bytes, dataStart, bytes.length - dataStart).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            Context context = new Context((int) shape[0], (int) shape[1], values);
            if (!context.isFinite()) {
                throw new UnreadablePromptException("The prompt's ctx holds values that are not finite");
            }
            return new Prompt(context, metadata(header.metadata()));
        } catch (IOException e) {
            throw new UnreadablePromptException("The prompt is no usable safetensors file: " + e.getMessage(), e);
        }
    }

    /** As safetensors holds it: text to text, structured values as JSON. */
    private static Map<String, String> text(PromptMetadata metadata) {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("format", "pt");
        text.put("prompt", metadata.prompt());
        text.put("version", Long.toString(metadata.version()));
        text.put("parent", Long.toString(metadata.parent()));
        text.put("model_fingerprint", metadata.modelFingerprint());
        text.put("classes", MetadataFields.json(metadata.classes()));
        text.put("context_init", metadata.contextInit());
        text.put("created_at", Long.toString(metadata.createdAt()));
        text.put("training", MetadataFields.json(metadata.training()));
        text.put("feature_offsets", MetadataFields.json(metadata.featureOffsets()));
        text.put("ready_at", MetadataFields.json(metadata.readyAt()));
        if (!metadata.descriptions().byClass().isEmpty()) {
            text.put(DESCRIPTIONS, MetadataFields.json(metadata.descriptions().byClass()));
        }
        text.put("verdict", MetadataFields.json(metadata.verdict()));
        return text;
    }

    private static PromptMetadata metadata(Map<String, String> metadata) throws UnreadablePromptException {
        MetadataFields fields = new MetadataFields("The prompt's metadata", metadata);
        return new PromptMetadata(fields.text("prompt"), fields.number("version"), fields.number("parent"),
                fields.text("model_fingerprint"), fields.number("created_at"),
                new PromptMetadata.Origin(fields.names("classes"), fields.text("context_init"),
                        fields.json("training", TEXTS), fields.numbers("feature_offsets", OFFSETS), fields.numbers("ready_at", TIMES),
                        descriptions(fields)),
                verdict(fields));
    }

    private static Map<String, String> verdict(MetadataFields fields) throws UnreadablePromptException {
        Map<String, String> verdict = fields.json("verdict", TEXTS);
        try {
            PromptCalibration.of(verdict);
            return verdict;
        } catch (IllegalArgumentException e) {
            throw new UnreadablePromptException("The prompt's verdict holds %s".formatted(e.getMessage()), e);
        }
    }

    /** A prompt of which no class has any, or of an older release, lacks the key. */
    private static Descriptions descriptions(MetadataFields fields) throws UnreadablePromptException {
        if (!fields.metadata().containsKey(DESCRIPTIONS)) {
            return Descriptions.NONE;
        }
        return new Descriptions(fields.json(DESCRIPTIONS, TEXTS));
    }
}
