package dev.promptgate.clip.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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

    private static final int PUBLISHED_TOKENS = 49408;

    private final HuggingFaceTokenizer tokenizer;
    private final Path source;
    private final int largestId;
    private final boolean isPublished;

    private ClipTokenizer(HuggingFaceTokenizer tokenizer, VocabularyFile vocabulary) {
        this.tokenizer = tokenizer;
        source = vocabulary.file();
        largestId = vocabulary.largestId();
        isPublished = vocabulary.isPublished();
    }

    /**
     * The tokenizer of a directory: {@code tokenizer.json}, else {@code vocab.json} and {@code merges.txt}, else OpenAI's
     * {@code bpe_simple_vocab_16e6.txt.gz}; empty if it has none of them. Of a file, that file under whatever name.
     *
     * @throws ModelException if the files are there and cannot be used, or are not of CLIP
     */
    public static Optional<ClipTokenizer> find(Path location) {
        try {
            Optional<VocabularyFile> vocabulary = VocabularyFile.find(location);
            return vocabulary.isPresent() ? Optional.of(of(vocabulary.get())) : Optional.empty();
        } catch (ModelException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError e) { // the library's are of no type of their own
            throw new ModelException("The tokenizer files cannot be read [path: %s, cause: %s]".formatted(location, FirstLine.of(e)), e);
        }
    }

    static ClipTokenizer of(VocabularyFile vocabulary) throws IOException {
        try (InputStream json = new ByteArrayInputStream(vocabulary.tokenizerJson())) {
            return new ClipTokenizer(HuggingFaceTokenizer.newInstance(json, Map.of("truncation", "false", "padding", "false")),
                    vocabulary);
        }
    }

    /**
     * Holds its ids against a text tower.
     *
     * @throws ModelException if the tower has no embedding for one of them, or begins or ends texts with others
     */
    public void check(TextShape text) {
        int[] ids = encode("a photo of a");
        int begin = ids[0];
        int end = ids[ids.length - 1];
        if (begin != text.bosId() || end != text.eosId() || largestId >= text.vocabulary()) {
            throw new ModelException("The tokenizer and the weights disagree; is it the tokenizer of another model?"
                    + " [texts: %d … %d, weights': %d … %d, largest id: %d, weights' embeddings: %d, tokenizer: %s]".formatted(begin, end,
                            text.bosId(), text.eosId(), largestId, text.vocabulary(), source));
        }
    }

    /**
     * Of a tokenizer that is not the model's own: what was trained on the published vocabulary needs just that.
     *
     * @throws ModelException if the tower has as many tokens as the published vocabulary, and this is another
     */
    public void checkBorrowed(TextShape text) {
        if (text.vocabulary() == PUBLISHED_TOKENS && !isPublished) {
            throw new ModelException("The tokenizer does not hold CLIP's published vocabulary; fetch it again, or name another in"
                    + " model.tokenizer [tokenizer: " + source + "]");
        }
    }

    /** Token ids from SOS to EOS, unpadded and uncut; an IllegalArgumentException if the text holds that of a special token. */
    public int[] encode(String text) {
        for (String special : SPECIAL_TOKENS) {
            if (text.contains(special)) {
                throw new IllegalArgumentException("A text may not hold the text of a special token [token: " + special + "]");
            }
        }
        return Arrays.stream(tokenizer.encode(withoutLigatures(text.strip())).getIds()).mapToInt(Math::toIntExact).toArray();
    }

    /** The text with Latin ligatures taken apart, as it is before it is cut. */
    public static String withoutLigatures(String text) {
        return LIGATURES.matcher(text).replaceAll(m -> Normalizer.normalize(m.group(), Normalizer.Form.NFKC));
    }
}
