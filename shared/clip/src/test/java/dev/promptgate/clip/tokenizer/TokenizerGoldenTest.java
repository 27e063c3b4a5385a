package dev.promptgate.clip.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.testing.GoldenFolders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Token ids equal to those of CLIP's own tokenizer. */
class TokenizerGoldenTest {
    /** The release's file holds more merges than CLIP uses: 49,152 less 256 bytes less 2 special tokens. */
    private static final int RELEASE_MERGES = 49152 - 256 - 2;

    private final ObjectMapper json = new ObjectMapper();

    @TestFactory
    List<DynamicTest> idsAreClips(@TempDir Path directory) throws IOException {
        Path folder = GoldenFolders.beside("tokenizer");
        writeVocabularyFiles(folder.resolve("bpe_simple_vocab_16e6.txt.gz"), directory);
        ClipTokenizer tokenizer = ClipTokenizer.find(directory).orElseThrow();
        ClipTokenizer release = ClipTokenizer.find(folder).orElseThrow();
        List<DynamicTest> tests = new ArrayList<>();
        TextShape published = new TextShape(new TowerShape(512, 2048, 12, 8, Activation.QUICK_GELU, 1e-5f), 49408, 77, 49406, 49407);
        tests.add(DynamicTest.dynamicTest("the published vocabulary", () -> {
            tokenizer.checkBorrowed(published);
            release.checkBorrowed(published);
        }));
        for (JsonNode example : json.readTree(folder.resolve("expected.json").toFile()).get("cases")) {
            JsonNode ids = example.get("ids");
            int[] expected = IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray();
            String text = example.get("text").asText();
            tests.add(DynamicTest.dynamicTest(text, () -> {
                assertArrayEquals(expected, tokenizer.encode(text));
                assertArrayEquals(expected, release.encode(text));
            }));
        }
        return tests;
    }

    /** From the CLIP release's own file to the two that Hugging Face made of it. */
    private void writeVocabularyFiles(Path bytePairs, Path directory) throws IOException {
        List<String> merges;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(bytePairs)), StandardCharsets.UTF_8))) {
            merges = lines.lines().skip(1).limit(RELEASE_MERGES).toList();
        }
        List<String> tokens = new ArrayList<>(byteSymbols());
        byteSymbols().forEach(symbol -> tokens.add(symbol + "</w>"));
        merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
        tokens.addAll(ClipTokenizer.SPECIAL_TOKENS);
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        json.writeValue(directory.resolve("vocab.json").toFile(), vocabulary);
        Files.write(directory.resolve("merges.txt"), Stream.concat(Stream.of("#version: 0.2"), merges.stream()).toList());
    }

    /** One printable character a byte, in GPT-2's order: the printable bytes first, the others moved up past 255. */
    private static List<String> byteSymbols() {
        List<String> symbols = new ArrayList<>();
        IntStream.range(0, 256).filter(TokenizerGoldenTest::isPrintable).forEach(b -> symbols.add(Character.toString(b)));
        for (int moved = 256; symbols.size() < 256; moved++) {
            symbols.add(Character.toString(moved));
        }
        return symbols;
    }

    private static boolean isPrintable(int b) {
        return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE && b <= 0xFF;
    }
}
