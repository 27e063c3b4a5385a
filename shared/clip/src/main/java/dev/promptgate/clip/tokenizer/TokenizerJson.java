package dev.promptgate.clip.tokenizer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the {@code tokenizer.json} that stands for CLIP's older vocabulary files. */
final class TokenizerJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    /** The release's file holds more merges than CLIP uses: 49,152 less 256 bytes less 2 special tokens. */
    private static final int RELEASE_MERGES = 49152 - 256 - 2;

    private TokenizerJson() {}

    static String fromVocabularyFiles(Path directory) throws IOException {
        Map<String, Integer> vocabulary = JSON.readValue(directory.resolve("vocab.json").toFile(), new TypeReference<>() {});
        List<String> merges = Files.readAllLines(directory.resolve("merges.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#version")).toList();
        return write(vocabulary, merges);
    }

    static String fromBytePairs(String bytePairs) throws IOException {
        List<String> merges = bytePairs.lines().skip(1).limit(RELEASE_MERGES).toList();
        List<String> tokens = new ArrayList<>(byteSymbols());
        byteSymbols().forEach(symbol -> tokens.add(symbol + "</w>"));
        merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
        tokens.addAll(ClipTokenizer.SPECIAL_TOKENS);
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        return write(vocabulary, merges);
    }

    /** One printable character a byte, in GPT-2's order: the printable bytes first, the others moved up past 255. */
    private static List<String> byteSymbols() {
        List<String> symbols = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            if (isPrintable(b)) {
                symbols.add(Character.toString(b));
            }
        }
        for (int b = 0, moved = 256; b < 256; b++) {
            if (!isPrintable(b)) {
                symbols.add(Character.toString(moved++));
            }
        }
        return symbols;
    }

    private static boolean isPrintable(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE && b <= 0xFF;
    }

    private static String write(Map<String, Integer> vocabulary, List<String> merges) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : ClipTokenizer.SPECIAL_TOKENS) {
            Integer id = vocabulary.get(token);
            if (id == null) {
                throw new IOException("the vocabulary lacks " + token);
            }
            added.addObject().put("id", id).put("content", token).put("single_word", false).put("lstrip", false)
                    .put("rstrip", false).put("normalized", false).put("special", true);
        }
        root.set("normalizer", JSON.readTree("""
                {"type": "Sequence", "normalizers": [{"type": "NFC"},
                 {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "}, {"type": "Lowercase"}]}"""));
        ObjectNode preTokenizer = root.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode steps = preTokenizer.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split").put("behavior", "Removed").put("invert", true);
        split.putObject("pattern").put("Regex", WORDS);
        steps.addObject().put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true);
        ObjectNode processor = root.putObject("post_processor").put("type", "RobertaProcessing")
                .put("trim_offsets", false).put("add_prefix_space", false);
        processor.putArray("cls").add(ClipTokenizer.SPECIAL_TOKENS.get(0)).add(vocabulary.get(ClipTokenizer.SPECIAL_TOKENS.get(0)));
        processor.putArray("sep").add(ClipTokenizer.SPECIAL_TOKENS.get(1)).add(vocabulary.get(ClipTokenizer.SPECIAL_TOKENS.get(1)));
        root.putObject("decoder").put("type", "ByteLevel").put("add_prefix_space", true).put("trim_offsets", true);
        ObjectNode model = root.putObject("model").put("type", "BPE").put("unk_token", ClipTokenizer.SPECIAL_TOKENS.get(1))
                .put("continuing_subword_prefix", "").put("end_of_word_suffix", "</w>").put("fuse_unk", false);
        model.set("vocab", JSON.valueToTree(vocabulary));
        model.set("merges", JSON.valueToTree(merges));
        return JSON.writeValueAsString(root);
    }
}
