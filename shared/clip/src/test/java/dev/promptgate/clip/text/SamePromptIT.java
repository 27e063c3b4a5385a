package dev.promptgate.clip.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Names have the same key if and only if the model's tokenizer makes the same tokens of their prompts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamePromptIT {
    private static final int NAMES = Boolean.getBoolean("test.long") ? 200_000 : 1_000;
    /** Whatever could meet another spelling: cases, accents of both forms, blanks, marks that the tokenizer cuts at, odd letters. */
    private static final List<String> PARTS = List.of("elephant", "Elephant", "ELEPHANT", "café", "cafe\u0301", "CAFÉ", "red", "apple",
            "66",
            "6", "s", "S", "'s", "'S", "'", "’", "-", ".", "!", "(", ")", "&", "_", "__", " ", "  ", "\t", "\u00A0", "\u3000", "\u2009",
            "\u200B", "ß", "ss", "SS", "ı", "i", "I", "İ", "i\u0307", "σ", "ς", "Σ", "ΟΔΟΣ", "οδος", "ﬁ", "fi", "Ａ", "a", "K", "k", "K",
            "Å", "A\u030A", "å", "हाथी", "象", "🍎", "²", "2", "Ⅷ", "ⅷ", "日本語", "й", "и\u0306", "가", "\u1100\u1161");

    private ClipModel model;

    @BeforeAll
    void load(@TempDir Path directory) {
        model = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
    }

    @AfterAll
    void close() {
        model.close();
    }

    @Test
    void sameKeyMeansSameTokensAndTheOtherWayRound() {
        Random random = new Random(11);
        Set<String> names = new HashSet<>(PARTS);
        PARTS.forEach(a -> PARTS.forEach(b -> names.add(a + b)));
        while (names.size() < PARTS.size() * (PARTS.size() - 1) + NAMES) {
            names.add(IntStream.range(0, 1 + random.nextInt(5)).mapToObj(i -> PARTS.get(random.nextInt(PARTS.size())))
                    .collect(Collectors.joining()));
        }
        names.removeIf(String::isBlank);
        Map<String, String> keyByTokens = new HashMap<>();
        Map<String, String> tokensByKey = new HashMap<>();
        for (String name : names) {
            String tokens = Arrays.toString(model.textEncoder().prompts(List.of(name), 4).suffixes()[0]);
            String key = SamePrompt.key(name);
            assertEquals(key, keyByTokens.computeIfAbsent(tokens, unseen -> key), () -> "tokens of " + shown(name));
            assertEquals(tokens, tokensByKey.computeIfAbsent(key, unseen -> tokens), () -> "key of " + shown(name));
        }
        assertTrue(keyByTokens.size() < 0.9 * names.size(), "hardly a name meets another: nothing is shown");
    }

    /** What is written for a name is the same prompt as the name. */
    @Test
    void foldedNamesMakeTheSameTokens() {
        for (String name : List.of("Elephant ", "red_apple", "Cafe\u0301", "ΟΔΟΣ", "İstanbul", "ﬁsh\u00A0tank", "U.S. ")) {
            PromptSet both = model.textEncoder().prompts(List.of(name, SamePrompt.folded(name)), 4);
            assertEquals(Arrays.toString(both.suffixes()[0]), Arrays.toString(both.suffixes()[1]), name);
        }
    }

    private static String shown(String name) {
        return name.codePoints().mapToObj("%04X"::formatted).collect(Collectors.joining(" ", name + " = ", ""));
    }
}
