package dev.promptgate.clip.tokenizer;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.clip.failure.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * CLIP's vocabulary in the three forms that its publishers give it. CLIPs differ in their vocabulary alone: how text is cut is the same in
 * all, and stands in the template; a file that cuts in another way is refused.
 *
 * @param ids of the tokens: text to number
 * @param merges pairs of tokens, the most frequent first, as "a b" or ["a", "b"]
 * @param addedTokens which are found before text is cut; null for SOS and EOS alone
 */
record VocabularyFile(Path file, ObjectNode ids, JsonNode merges, JsonNode addedTokens) {
    static final String WHOLE = "tokenizer.json";
    static final String IDS = "vocab.json";
    static final String MERGES = "merges.txt";
    /** The name of the vocabulary in OpenAI's release. */
    static final String BYTE_PAIRS = "bpe_simple_vocab_16e6.txt.gz";

    private static final String BYTE_PAIRS_SHA256 = "924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a";
    /** Of the tokens that the file of that sum stands for, a line each, in the order of their ids. */
    private static final String TOKENS_SHA256 = "7cccc44d334555d1ff3c0ac5f0246b428fab2918383e77ee745cf30d41010b78";
    /** The release's file holds more merges than CLIP uses: 49,152 less 256 bytes less 2 special tokens. */
    private static final int RELEASE_MERGES = 49152 - 256 - 2;
    private static final String WORD_END = "</w>";
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_ID = 1 << 24;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** @throws ModelException if a token has no sensible id, or a byte no token: what is not in it would silently be read as EOS */
    VocabularyFile {
        for (JsonNode id : ids) {
            if (!id.isInt() || id.asInt() < 0 || id.asInt() > MOST_ID) {
                throw new ModelException("The tokenizer's vocabulary must map tokens to numbers [file: " + file + "]");
            }
        }
        Stream.concat(byteTokens().stream(), ClipTokenizer.SPECIAL_TOKENS.stream()).filter(token -> !ids.has(token)).findFirst()
                .ifPresent(token -> {
                    throw new ModelException("The tokenizer's vocabulary is not CLIP's, or not whole [lacks: %s, file: %s]"
                            .formatted(token, file));
                });
    }

    /** In a directory, what there is in this order; empty if there is none. */
    static Optional<VocabularyFile> find(Path location) throws IOException {
        if (Files.isDirectory(location)) {
            for (String name : List.of(WHOLE, IDS, BYTE_PAIRS)) {
                Path file = location.resolve(name);
                if (Files.exists(file) && (!name.equals(IDS) || Files.exists(location.resolve(MERGES)))) {
                    return Optional.of(read(file));
                }
            }
            return Optional.empty();
        }
        if (!Files.exists(location)) {
            throw new ModelException("There is no tokenizer here; give a file of %s, %s with %s, or %s [path: %s]"
                    .formatted(WHOLE, IDS, MERGES, BYTE_PAIRS, location));
        }
        return Optional.of(read(location));
    }

    private static VocabularyFile read(Path file) throws IOException {
        if (file.endsWith(IDS) || file.endsWith(MERGES)) {
            return pair(file.toAbsolutePath().getParent());
        }
        byte[] bytes = bytes(file);
        boolean isGzip = bytes.length > 2 && bytes[0] == 0x1F && bytes[1] == (byte) 0x8B;
        return isGzip || file.endsWith(BYTE_PAIRS) ? release(file, bytes) : whole(file, bytes);
    }

    private static VocabularyFile whole(Path file, byte[] json) throws IOException {
        JsonNode root = JSON.readTree(json);
        JsonNode model = root.path("model");
        boolean isClips = model.path("type").asText("BPE").equals("BPE") && model.path("end_of_word_suffix").asText().equals(WORD_END)
                && root.path("normalizer").findValuesAsText("type").contains("Lowercase")
                && root.path("pre_tokenizer").findValuesAsText("type").contains("ByteLevel");
        if (!isClips || !(model.path("vocab") instanceof ObjectNode ids)) {
            throw new ModelException(
                    "tokenizer.json is not CLIP's: byte pairs in lower case with %s at the end of words [model: %s, file: %s]"
                            .formatted(WORD_END, model.path("type").asText("unknown").replaceAll("\\W", "?"), file));
        }
        for (JsonNode token : root.path("added_tokens")) {
            ids.set(token.path("content").asText(), token.path("id"));
        }
        return new VocabularyFile(file, ids, model.path("merges"), root.get("added_tokens"));
    }

    private static VocabularyFile pair(Path directory) throws IOException {
        Path file = directory.resolve(IDS);
        if (!(JSON.readTree(bytes(file)) instanceof ObjectNode ids)) {
            throw new ModelException("vocab.json must map tokens to numbers [file: " + file + "]");
        }
        List<String> merges = new String(bytes(directory.resolve(MERGES)), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#version")).toList();
        return new VocabularyFile(file, ids, JSON.valueToTree(merges), null);
    }

    private static VocabularyFile release(Path file, byte[] gzip) throws IOException {
        if (!Sha256.hex(gzip).equals(BYTE_PAIRS_SHA256)) {
            throw new ModelException("The file is not OpenAI's %s; fetch it again, or give a vocabulary of your own as %s, or %s and %s"
                    .formatted(BYTE_PAIRS, WHOLE, IDS, MERGES) + " [sha256: %s, file: %s]".formatted(Sha256.hex(gzip), file));
        }
        return bytePairs(file, gzip);
    }

    /** Of any file in the release's format: a header, then a merge a line. Ids are in the order of CLIP's own tokenizer. */
    static VocabularyFile bytePairs(Path file, byte[] gzip) throws IOException {
        List<String> merges;
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            merges = new String(unpacked.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).lines().skip(1).limit(RELEASE_MERGES)
                    .filter(line -> !line.isBlank()).toList();
        }
        List<String> tokens = new ArrayList<>(byteTokens());
        merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
        tokens.addAll(ClipTokenizer.SPECIAL_TOKENS);
        ObjectNode ids = JSON.createObjectNode();
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        return new VocabularyFile(file, ids, JSON.valueToTree(merges), null);
    }

    /** Whether it is the vocabulary of the release, in whatever kind of file: then its tokens are, in the order of their ids. */
    boolean isPublished() {
        String tokens = ids.properties().stream().sorted(Comparator.comparingInt(token -> token.getValue().asInt())).map(Map.Entry::getKey)
                .collect(Collectors.joining("\n"));
        return largestId() + 1 == ids.size() && Sha256.hex(tokens.getBytes(StandardCharsets.UTF_8)).equals(TOKENS_SHA256);
    }

    int largestId() {
        return ids.valueStream().mapToInt(JsonNode::asInt).max().orElse(0);
    }

    /** The {@code tokenizer.json} that cuts text as CLIP does, with this vocabulary. */
    byte[] tokenizerJson() throws IOException {
        ObjectNode root = (ObjectNode) JSON.readTree(VocabularyFile.class.getResource("tokenizer-template.json"));
        for (JsonNode token : root.get("added_tokens")) {
            ((ObjectNode) token).set("id", ids.get(token.get("content").asText()));
        }
        for (String end : List.of("cls", "sep")) {
            ArrayNode token = (ArrayNode) root.get("post_processor").get(end);
            token.set(1, ids.get(token.get(0).asText()));
        }
        if (addedTokens != null) {
            root.set("added_tokens", addedTokens);
        }
        ((ObjectNode) root.get("model")).set("vocab", ids);
        ((ObjectNode) root.get("model")).set("merges", merges);
        return JSON.writeValueAsBytes(root);
    }

    /**
     * One printable character a byte, in GPT-2's order: the printable bytes first, the others moved up past 255; then all at a word's end.
     */
    private static List<String> byteTokens() {
        List<String> tokens = new ArrayList<>();
        IntStream.range(0, 256).filter(VocabularyFile::isPrintable).forEach(b -> tokens.add(Character.toString(b)));
        for (int moved = 256; tokens.size() < 256; moved++) {
            tokens.add(Character.toString(moved));
        }
        List.copyOf(tokens).forEach(token -> tokens.add(token + WORD_END));
        return tokens;
    }

    private static boolean isPrintable(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE && b <= 0xFF;
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("%s is larger than %d bytes".formatted(file.getFileName(), MOST_BYTES));
        }
        return Files.readAllBytes(file);
    }
}
