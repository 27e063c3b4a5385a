package dev.promptgate.clip.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.testing.fuzz.DecoderFuzz;
import dev.promptgate.testing.fuzz.InputFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One vocabulary in every form that publishers give it, and files that are none. */
class ClipTokenizerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int INPUTS = Boolean.getBoolean("test.long") ? 20_000 : 200;
    private static final List<String> TEXTS = List.of("a photo of a red apple.", "A  Photo\tof the N0RTHERN lights!!", "it's  we'll don't",
            "naïve café Straße ﬁsh", "日本語 и русский", "🍎🍏", "x", "", "<b>42</b> & more", "zzzzqqqq…");

    @TempDir
    static Path bundled;

    @TempDir
    Path directory;

    @BeforeAll
    static void unpack() {
        BundledModel.extractTo(bundled);
    }

    @Test
    void everyFormOfAVocabularyGivesTheSameIds() throws IOException {
        ClipTokenizer whole = ClipTokenizer.find(bundled.resolve("tokenizer.json")).orElseThrow();
        ClipTokenizer renamed = ClipTokenizer.find(Files.copy(bundled.resolve("tokenizer.json"), directory.resolve("mine"))).orElseThrow();
        ClipTokenizer pair = ClipTokenizer.find(bundled.resolve("vocab.json")).orElseThrow();
        ClipTokenizer bytePairs = ClipTokenizer.of(VocabularyFile.bytePairs(bundled, release()));
        ObjectNode newer = whole();
        newer.with("model").set("merges",
                JSON.valueToTree(newer.at("/model/merges").valueStream().map(m -> m.asText().split(" ")).toList()));
        ClipTokenizer mergesAsLists = tokenizer(newer);
        for (String text : TEXTS) {
            int[] ids = whole.encode(text);
            for (ClipTokenizer other : List.of(renamed, pair, bytePairs, mergesAsLists)) {
                assertArrayEquals(ids, other.encode(text), text);
            }
        }
    }

    @Test
    void theWholeTokenizerComesBeforeThePair() throws IOException {
        Files.copy(bundled.resolve("vocab.json"), directory.resolve("vocab.json"));
        assertTrue(ClipTokenizer.find(directory).isEmpty(), "merges.txt is missing");
        Files.copy(bundled.resolve("merges.txt"), directory.resolve("merges.txt"));
        assertTrue(ClipTokenizer.find(directory).isPresent());
        Files.writeString(directory.resolve("tokenizer.json"), "{");
        assertRefused("tokenizer", directory);
    }

    @Test
    void addedTokensAreFoundBeforeTextIsCut() throws IOException {
        ObjectNode json = whole();
        ((ArrayNode) json.get("added_tokens")).addObject().put("id", 0).put("content", "!").put("single_word", false).put("lstrip", false)
                .put("rstrip", false).put("normalized", false).put("special", true);
        int[] ids = tokenizer(json).encode("wow!");
        assertEquals(0, ids[ids.length - 2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\": \"Unigram\", \"vocab\": [[\"a\", 0.5]]}", "{\"type\": \"WordPiece\", \"vocab\": {\"a\": 1}}",
            "{\"type\": \"BPE\", \"vocab\": {\"a\": 1}, \"merges\": []}", "{}", "7"})
    void otherKindsOfTokenizersAreRefused(String model) throws IOException {
        ObjectNode json = whole();
        json.set("model", JSON.readTree(model));
        assertRefused("not CLIP's", write(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"normalizer", "pre_tokenizer"})
    void aTokenizerThatCutsOtherwiseIsRefused(String step) throws IOException {
        assertRefused("not CLIP's", write(whole().put(step, (String) null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"1\"", "null", "99999999999", "[]"})
    void idsThatAreNoneAreRefused(String id) throws IOException {
        ObjectNode json = whole();
        ((ObjectNode) json.at("/model/vocab")).set("a", JSON.readTree(id));
        assertRefused("numbers", write(json));
    }

    @Test
    void aVocabularyThatIsNotWholeIsRefused() throws IOException {
        for (String token : List.of("!", "Ń</w>", "<|endoftext|>")) {
            ObjectNode json = whole();
            ((ObjectNode) json.at("/model/vocab")).remove(token);
            json.putArray("added_tokens");
            assertRefused("lacks: " + token, write(json));
        }
    }

    @Test
    void aMergeOfUnknownTokensIsRefused() throws IOException {
        ObjectNode json = whole();
        ((ArrayNode) json.at("/model/merges")).add("nosuch token");
        assertRefused("cannot be read", write(json));
    }

    @Test
    void anythingButTheReleasesFileIsRefused() throws IOException {
        Path other = Files.write(directory.resolve("bpe_simple_vocab_16e6.txt.gz"), release());
        assertRefused("is not OpenAI's", other);
        assertRefused("is not OpenAI's", directory);
        assertRefused("is not OpenAI's", Files.writeString(other, "an error page"));
    }

    @Test
    void whatIsNotThereOrTooLargeIsRefused() throws IOException {
        assertRefused("no tokenizer here", directory.resolve("nowhere"));
        assertRefused("larger", Files.write(directory.resolve("tokenizer.json"), new byte[(16 << 20) + 1]));
    }

    @ParameterizedTest
    @CsvSource({"4096, 4094, 4095, true", "5000, 4094, 4095, true", "4095, 4093, 4094, false", "600, 598, 599, false",
            "49408, 49406, 49407, false", "4096, 4095, 4094, false"})
    void theWeightsMustKnowTheIds(int vocabulary, int bos, int eos, boolean agrees) {
        ClipTokenizer tokenizer = ClipTokenizer.find(bundled).orElseThrow();
        TextShape shape = new TextShape(new TowerShape(128, 512, 4, 2, Activation.QUICK_GELU, 1e-5f), vocabulary, 77, bos, eos);
        if (agrees) {
            tokenizer.check(shape);
        } else {
            assertOneLine("disagree", assertThrows(ModelException.class, () -> tokenizer.check(shape)));
        }
    }

    @Test
    void onlyThePublishedVocabularyIsLentToModelsOfItsSize() {
        ClipTokenizer tokenizer = ClipTokenizer.find(bundled).orElseThrow();
        TowerShape tower = new TowerShape(128, 512, 4, 2, Activation.QUICK_GELU, 1e-5f);
        tokenizer.checkBorrowed(new TextShape(tower, 4096, 77, 4094, 4095));
        assertOneLine("published vocabulary", assertThrows(ModelException.class,
                () -> tokenizer.checkBorrowed(new TextShape(tower, 49408, 77, 49406, 49407))));
    }

    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        ObjectNode small = small();
        Map<String, String> files = Map.of("tokenizer.json", small.toString(), "vocab.json", small.at("/model/vocab").toString(),
                "merges.txt", String.join("\n", small.at("/model/merges").valueStream().map(JsonNode::asText).toList()));
        for (String damaged : files.keySet()) {
            for (String name : files.keySet()) {
                Files.writeString(directory.resolve(name), files.get(name));
            }
            if (!damaged.equals("tokenizer.json")) {
                Files.delete(directory.resolve("tokenizer.json"));
            }
            new DecoderFuzz(damaged, ModelException.class, input -> 16L << 20).run(INPUTS, List.of(files.get(damaged).getBytes()),
                    input -> ClipTokenizer.find(InputFile.write(directory.resolve(damaged), input).getParent()).orElseThrow()
                            .encode("a photo"));
        }
    }

    @Test
    void keysWithAnyValuesAreReadOrRefused() throws IOException {
        Random random = new Random(9);
        List<String> values = List.of("null", "true", "-1", "0.5", "3", "70000", "\"\"", "\"a b\"", "\"a  b\"", "[]", "[\"a\"]",
                "[\"a\",\"b\"]", "{}", "{\"type\":\"BPE\"}", "{\"type\":\"Lowercase\"}", "\"a\\nb\"");
        int taken = 0;
        ObjectNode small = small();
        for (int i = 0; i < INPUTS; i++) {
            ObjectNode json = small.deepCopy();
            JsonNode value = JSON.readTree(values.get(random.nextInt(values.size())));
            List<ContainerNode<?>> nodes = new ArrayList<>();
            containers(json, nodes);
            ContainerNode<?> node = nodes.get(random.nextInt(nodes.size()));
            if (!node.isEmpty()) {
                int at = random.nextInt(node.size());
                if (node instanceof ObjectNode object) {
                    object.set(object.properties().stream().skip(at).findFirst().orElseThrow().getKey(), value);
                } else {
                    ((ArrayNode) node).set(at, value);
                }
            }
            try {
                tokenizer(json).encode("a photo");
                taken++;
            } catch (ModelException e) {
                assertOneLine("", e);
            }
        }
        assertTrue(taken > INPUTS / 20 && taken < INPUTS, "taken: " + taken);
    }

    private static void containers(JsonNode node, List<ContainerNode<?>> all) {
        if (node instanceof ContainerNode<?> container) {
            all.add(container);
            container.forEach(child -> containers(child, all));
        }
    }

    private ClipTokenizer tokenizer(JsonNode json) throws IOException {
        return ClipTokenizer.find(write(json)).orElseThrow();
    }

    private Path write(JsonNode json) throws IOException {
        return InputFile.write(directory.resolve("tokenizer.json"), json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode whole() throws IOException {
        return (ObjectNode) JSON.readTree(bundled.resolve("tokenizer.json").toFile());
    }

    /** A tokenizer of 20 merges. */
    private static ObjectNode small() throws IOException {
        String merges = String.join("\n", Files.readAllLines(bundled.resolve("merges.txt")).subList(0, 21));
        return (ObjectNode) JSON.readTree(VocabularyFile.bytePairs(bundled, gzip(merges)).tokenizerJson());
    }

    /** The bundled vocabulary in the form of OpenAI's release. */
    private static byte[] release() throws IOException {
        return gzip("\"bpe_simple_vocab_16e6.txt#version: 0.2\n" + Files.readString(bundled.resolve("merges.txt")).lines().skip(1)
                .reduce("", (all, line) -> all + line + "\n"));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void assertRefused(String word, Path location) {
        assertOneLine(word, assertThrows(ModelException.class, () -> ClipTokenizer.find(location)));
    }

    private static void assertOneLine(String word, ModelException e) {
        assertTrue(e.getMessage().contains(word), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
}
