package dev.promptgate.learning.prompt;

import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.clip.weights.SafetensorsHeader;
import dev.promptgate.learning.prompt.ClassEmbeddings.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Class embeddings as safetensors: one tensor {@code text_features} [classes, dim] and text metadata, in as many parts as it takes to keep
 * each below a bound. A digest over the whole set stands in every part: SHA-256 over, for each class in order, the length of its name (4
 * bytes, big-endian), its name in UTF-8, and its feature as it is stored. Decoding is strict and bounded: whatever the bytes, the outcome
 * is a part that can be used as it is, or an {@link UnreadablePromptException}.
 */
public final class EmbeddingsCodec {
    private static final String TENSOR = "text_features";
    private static final String WHAT = "The embeddings' metadata";
    private static final int MAX_HEADER_BYTES = 16 << 20;
    private static final int MAX_DIM = 65_536;
    private static final int MAX_PARTS = 10_000;
    /** A model's is at most 1000, a temperature at least 1/8. */
    private static final float MAX_LOGIT_SCALE = 8000;
    /** What float16 leaves of length 1 is closer by a half. */
    private static final double MAX_LENGTH_ERROR = 1e-3;
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    private EmbeddingsCodec() {}

    /** All in one part. */
    public static byte[] encode(ClassEmbeddings embeddings, EmbeddingType type) {
        return encode(embeddings, type, Integer.MAX_VALUE).get(0);
    }

    /** In parts whose names and features have at most so many bytes, or one class. */
    public static List<byte[]> encode(ClassEmbeddings embeddings, EmbeddingType type, int maxBytes) {
        List<Integer> ends = ends(embeddings, type, maxBytes);
        EmbeddingsPart.SetId set = new EmbeddingsPart.SetId(embeddings.source(), type,
                digest(type, embeddings.classes(), embeddings.textFeatures()), ends.size(), embeddings.dim());
        List<byte[]> parts = new ArrayList<>();
        for (int i = 0, from = 0; i < ends.size(); from = ends.get(i++)) {
            parts.add(encode(new EmbeddingsPart(set, i, embeddings.classes().subList(from, ends.get(i)),
                    Arrays.copyOfRange(embeddings.textFeatures(), from, ends.get(i)))));
        }
        return parts;
    }

    /** Where each part's classes end. */
    private static List<Integer> ends(ClassEmbeddings embeddings, EmbeddingType type, int maxBytes) {
        List<Integer> ends = new ArrayList<>();
        long bytes = 0;
        for (int c = 0; c < embeddings.classes().size(); c++) {
            // A name is JSON within the JSON of the header: quotes and what they escape take more.
            String name = MetadataFields.json(MetadataFields.json(embeddings.classes().get(c)));
            long more = (long) embeddings.dim() * type.bytes() + name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > 0 && bytes + more > maxBytes) {
                ends.add(c);
                bytes = 0;
            }
            bytes += more;
        }
        ends.add(embeddings.classes().size());
        return ends;
    }

    private static byte[] encode(EmbeddingsPart part) {
        EmbeddingsPart.SetId set = part.set();
        Map<String, String> text = new LinkedHashMap<>();
        text.put("format", "pt");
        text.put("prompt", set.source().prompt());
        text.put("version", Long.toString(set.source().version()));
        text.put("model_fingerprint", set.source().modelFingerprint());
        text.put("logit_scale", Float.toString(set.source().logitScale()));
        text.put("dtype", set.type().storedName());
        text.put("part", Integer.toString(part.index()));
        text.put("parts", Integer.toString(set.parts()));
        text.put("digest", set.digest());
        text.put("classes", MetadataFields.json(part.classes()));
        ByteBuffer out = SafetensorsHeader.begin(text, TENSOR, set.type().dataType(), part.classes().size(), set.dim());
        for (float[] row : part.textFeatures()) {
            for (float value : row) {
                set.type().put(out, value);
            }
        }
        return out.array();
    }

    private static String digest(EmbeddingType type, List<String> classes, float[][] features) {
        MessageDigest digest = Sha256.start();
        for (int c = 0; c < features.length; c++) {
            byte[] name = classes.get(c).getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
            digest.update(name);
            ByteBuffer row = ByteBuffer.allocate(features[c].length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : features[c]) {
                type.put(row, value);
            }
            digest.update(row.array());
        }
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    /** @throws UnreadablePromptException if the bytes are anything but a part with finite features of length 1 and names for them */
    public static EmbeddingsPart decode(byte[] bytes) throws UnreadablePromptException {
        try {
            SafetensorsHeader header = SafetensorsHeader.read(bytes, MAX_HEADER_BYTES);
            MetadataFields fields = new MetadataFields(WHAT, header.metadata());
            String stored = fields.text("dtype");
            EmbeddingType type = EmbeddingType.named(stored).orElseThrow(
                    () -> new UnreadablePromptException(WHAT + " names a type that is neither float32 nor float16 [key: dtype]"));
            long[] shape = header.onlyMatrix(TENSOR, type.dataType());
            List<String> classes = List.of();
            if (shape[0] < 1 || shape[1] < 1 || shape[1] > MAX_DIM || (classes = fields.names("classes")).size() != shape[0]) {
                throw new UnreadablePromptException("The embeddings' text_features do not fit their classes [shape: [%d, %d], classes: %d]"
                        .formatted(shape[0], shape[1], classes.size()));
            }
            int dataStart = (int) header.dataStart();
            ByteBuffer data = ByteBuffer.wrap(bytes, dataStart, bytes.length - dataStart).order(ByteOrder.LITTLE_ENDIAN);
            EmbeddingsPart.SetId set = set(fields, type, (int) shape[1]);
            return new EmbeddingsPart(set, index(fields, set.parts()), classes, features(data, set, classes.size()));
        } catch (IOException e) {
            throw new UnreadablePromptException("The embeddings are no usable safetensors file: " + e.getMessage(), e);
        }
    }

    private static EmbeddingsPart.SetId set(MetadataFields fields, EmbeddingType type, int dim) throws UnreadablePromptException {
        float logitScale = logitScale(fields);
        Source source = new Source(fields.text("prompt"), fields.number("version"), fields.text("model_fingerprint"), logitScale);
        long parts = fields.number("parts");
        String digest = fields.text("digest");
        if (source.version() < 1 || parts < 1 || parts > MAX_PARTS || !DIGEST.matcher(digest).matches()) {
            throw new UnreadablePromptException(WHAT + " is none of a set [version: %d, parts: %d]".formatted(source.version(), parts));
        }
        return new EmbeddingsPart.SetId(source, type, digest, (int) parts, dim);
    }

    private static float logitScale(MetadataFields fields) throws UnreadablePromptException {
        try {
            float scale = Float.parseFloat(fields.text("logit_scale"));
            if (scale > 0 && scale <= MAX_LOGIT_SCALE) {
                return scale;
            }
        } catch (NumberFormatException e) {
            // as one that is out of range
        }
        throw new UnreadablePromptException(WHAT + " holds no scale of logits in (0, %.0f] [key: logit_scale]".formatted(MAX_LOGIT_SCALE));
    }

    private static int index(MetadataFields fields, int parts) throws UnreadablePromptException {
        long index = fields.number("part");
        if (index < 0 || index >= parts) {
            throw new UnreadablePromptException(WHAT + " counts a part that is none of its set [part: %d, parts: %d]"
                    .formatted(index, parts));
        }
        return (int) index;
    }

    private static float[][] features(ByteBuffer data, EmbeddingsPart.SetId set, int classes) throws UnreadablePromptException {
        float[][] features = new float[classes][set.dim()];
        for (int c = 0; c < classes; c++) {
            double square = 0;
            for (int d = 0; d < set.dim(); d++) {
                features[c][d] = set.type().take(data);
                square += (double) features[c][d] * features[c][d];
            }
            if (!(Math.abs(Math.sqrt(square) - 1) <= MAX_LENGTH_ERROR)) { // NaN and infinity included
                throw new UnreadablePromptException("The embeddings hold a feature that is not of length 1 [row: %d, length: %s]"
                        .formatted(c, Math.sqrt(square)));
            }
        }
        return features;
    }

    /**
     * Puts a set together.
     *
     * @param parts all of one set, in order
     * @throws UnreadablePromptException if they are not what the set's digest says, or a class stands twice
     */
    public static ClassEmbeddings join(List<EmbeddingsPart> parts) throws UnreadablePromptException {
        EmbeddingsPart.SetId set = parts.get(0).set();
        List<String> classes = parts.stream().flatMap(part -> part.classes().stream()).toList();
        float[][] features = parts.stream().flatMap(part -> Arrays.stream(part.textFeatures())).toArray(float[][]::new);
        if (!digest(set.type(), classes, features).equals(set.digest())) {
            throw new UnreadablePromptException("The embeddings' parts are not what their digest says [version: %d, parts: %d]"
                    .formatted(set.source().version(), set.parts()));
        }
        if (new HashSet<>(classes).size() < classes.size()) {
            throw new UnreadablePromptException("The embeddings hold a class twice [version: %d]".formatted(set.source().version()));
        }
        return new ClassEmbeddings(set.source(), classes, features);
    }
}
