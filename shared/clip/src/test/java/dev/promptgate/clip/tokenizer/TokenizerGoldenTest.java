package dev.promptgate.clip.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Token ids equal to those of CLIP's own tokenizer. */
class TokenizerGoldenTest {
    @TestFactory
    List<DynamicTest> idsAreClips() throws IOException {
        Path folder = GoldenFolders.beside("tokenizer");
        ClipTokenizer tokenizer;
        try (InputStream packed = new GZIPInputStream(Files.newInputStream(folder.resolve("bpe_simple_vocab_16e6.txt.gz")))) {
            tokenizer = ClipTokenizer.fromBytePairs(new String(packed.readAllBytes(), StandardCharsets.UTF_8));
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode example : new ObjectMapper().readTree(folder.resolve("expected.json").toFile()).get("cases")) {
            JsonNode ids = example.get("ids");
            int[] expected = IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray();
            String text = example.get("text").asText();
            tests.add(DynamicTest.dynamicTest(text, () -> assertArrayEquals(expected, tokenizer.encode(text))));
        }
        return tests;
    }
}
