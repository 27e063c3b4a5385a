package dev.promptgate.clip.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
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
                return Optional.of(parse(TokenizerJson.fromVocabularyFiles(directory)));
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

    /**
     * Token ids from SOS to EOS, unpadded and uncut.
     *
     * @throws IllegalArgumentException if the text holds the text of a special token
     */
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
