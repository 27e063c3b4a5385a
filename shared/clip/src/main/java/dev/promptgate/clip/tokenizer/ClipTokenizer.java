package dev.promptgate.clip.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** CLIP's byte-pair tokenizer. Thread-safe; lives as long as the process. */
public final class ClipTokenizer {
    /** The texts that stand for SOS and EOS; a class name may not hold them. */
    public static final List<String> SPECIAL_TOKENS = List.of("<|startoftext|>", "<|endoftext|>");

    // CLIP's own tokenizer repairs text first; of what that does, Latin ligatures are what real class names meet.
    private static final Pattern LIGATURES = Pattern.compile("[\uFB00-\uFB06]");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HuggingFaceTokenizer tokenizer;

    private ClipTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * The tokenizer of a model directory: {@code tokenizer.json}, else {@code vocab.json} and {@code merges.txt}; empty if it has neither.
     *
     * @throws ModelException if the files are there and cannot be used
     */
    public static Optional<ClipTokenizer> find(Path directory) {
        Path whole = directory.resolve("tokenizer.json");
        try {
            if (Files.exists(whole)) {
                return Optional.of(parse(Files.readString(whole)));
            }
            if (Files.exists(directory.resolve("vocab.json")) && Files.exists(directory.resolve("merges.txt"))) {
                return Optional.of(parse(fromVocabularyFiles(directory)));
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw new ModelException("The tokenizer files cannot be read [directory: %s, cause: %s]"
                    .formatted(directory, FirstLine.of(e)), e);
        }
    }

    private static ClipTokenizer parse(String json) throws IOException {
        try (InputStream stream = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))) {
            return new ClipTokenizer(HuggingFaceTokenizer.newInstance(stream, Map.of("truncation", "false", "padding", "false")));
        }
    }

    /** The {@code tokenizer.json} that stands for CLIP's older vocabulary files. */
    private static String fromVocabularyFiles(Path directory) throws IOException {
        Map<String, Integer> vocabulary = JSON.readValue(directory.resolve("vocab.json").toFile(), new TypeReference<>() {});
        List<String> merges = Files.readAllLines(directory.resolve("merges.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#version")).toList();
        JsonNode root = JSON.readTree(ClipTokenizer.class.getResource("tokenizer-template.json"));
        for (JsonNode token : root.get("added_tokens")) {
            ((ObjectNode) token).put("id", id(vocabulary, token.get("content").asText()));
        }
        for (String end : List.of("cls", "sep")) {
            ArrayNode token = (ArrayNode) root.get("post_processor").get(end);
            token.set(1, JSON.getNodeFactory().numberNode(id(vocabulary, token.get(0).asText())));
        }
        ObjectNode model = (ObjectNode) root.get("model");
        model.set("vocab", JSON.valueToTree(vocabulary));
        model.set("merges", JSON.valueToTree(merges));
        return JSON.writeValueAsString(root);
    }

    private static int id(Map<String, Integer> vocabulary, String token) throws IOException {
        if (!vocabulary.containsKey(token)) {
            throw new IOException("the vocabulary lacks " + token);
        }
        return vocabulary.get(token);
    }

    /** Token ids from SOS to EOS, unpadded and uncut; an IllegalArgumentException if the text holds that of a special token. */
    public int[] encode(String text) {
        for (String special : SPECIAL_TOKENS) {
            if (text.contains(special)) {
                throw new IllegalArgumentException("A text may not hold the text of a special token [token: " + special + "]");
            }
        }
        String repaired = LIGATURES.matcher(text.strip()).replaceAll(m -> Normalizer.normalize(m.group(), Normalizer.Form.NFKC));
        return Arrays.stream(tokenizer.encode(repaired).getIds()).mapToInt(Math::toIntExact).toArray();
    }
}
