package dev.promptgate.clip.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamePromptTest {
    static List<List<String>> same() {
        return List.of(List.of("elephant", "Elephant", "ELEPHANT", "elephant ", " elephant", "elephant\u00A0"),
                List.of("café", "cafe\u0301", "CAFE\u0301"), List.of("red apple", "red_apple", "Red  Apple", "_red_apple_"),
                List.of("elephant", "\"elephant\"", "\"Elephant \"", " \"elephant\" ", "\"\\\"elephant\\\"\"", "\"eleph\\u0061nt\""),
                List.of("fish", "ﬁsh"));
    }

    @ParameterizedTest
    @MethodSource("same")
    void spellingsOfANameAreFoldedToOne(List<String> names) {
        names.forEach(name -> assertEquals(names.get(0), SamePrompt.folded(name), name));
        names.forEach(name -> assertEquals(SamePrompt.key(names.get(0)), SamePrompt.key(name), name));
    }

    @Test
    void otherNamesStayOthers() {
        List<List<String>> pairs = List.of(List.of("straße", "STRASSE"), List.of("ısı", "isi"), List.of("İzmir", "izmir"),
                List.of("οδος", "ΟΔΟΣ"), List.of("ｃａｔ", "cat"), List.of("cat", "cats"), List.of("red apple", "redapple"),
                List.of("'elephant'", "elephant"), List.of("\"", "\"\""), List.of("\"a\" \"b\"", "a b"), List.of("\"a\\u001b\"", "a"));
        pairs.forEach(pair -> assertNotEquals(SamePrompt.key(pair.get(0)), SamePrompt.key(pair.get(1)), pair.toString()));
    }

    /** The tokenizer cuts there with or without a space, so they are one prompt; what is written keeps the producer's spaces. */
    @Test
    void spacesWhereTheTokenizerCutsAnywayMakeNoOtherPrompt() {
        assertEquals(SamePrompt.key("route 66"), SamePrompt.key("Route66"));
        assertEquals(SamePrompt.key("dog's bed"), SamePrompt.key("dog 's bed"));
        assertEquals("route66", SamePrompt.folded("Route66"));
    }

    @Test
    void foldingTwiceChangesNothing() {
        for (String name : List.of("İ", "\"\\\"A\\\"\"", "ΟΔΟΣ", "\"_x_\"", "_\"x\"_", "Å", "\" \"", "a\" b\"")) {
            assertEquals(SamePrompt.folded(name), SamePrompt.folded(SamePrompt.folded(name)), name);
        }
    }

    @Test
    void groupsAreNamedOnOneLineWithWhatCannotBeSeen() {
        List<SamePrompt> found = SamePrompt
                .among(List.of("zebra", "elephant ", "Elephant", "café", "cafe\u0301", "elephant", "हाथी", "tab\u00A0le", "tab le"));
        assertEquals(List.of("\"cafe\\u0301\", \"café\"", "\"Elephant\", \"elephant\", \"elephant \"", "\"tab le\", \"tab\\u00A0le\""),
                found.stream().map(SamePrompt::shown).toList());
        assertEquals(List.of("café", "elephant", "tab le"), found.stream().map(SamePrompt::merged).toList());
        assertEquals("fire", SamePrompt.among(List.of("FIRE", "Fire")).get(0).merged());
        assertEquals("\"हाथी\", \"हाथी \"", SamePrompt.among(List.of("हाथी ", "हाथी")).get(0).shown());
    }

    /** Nobody may have sent the name without the quotes. */
    @Test
    void aLabelInJsonQuotesIsASpellingOfWhatIsInThem() {
        List<SamePrompt> found = SamePrompt.amongLabels(List.of("\"Elephant\" ", "zebra", "\"odd", "'cat'"));
        assertEquals(List.of(List.of("\"Elephant\" ", "Elephant")), found.stream().map(SamePrompt::names).toList());
        assertEquals("\"\\\"Elephant\\\" \", \"Elephant\"", found.get(0).shown());
        assertEquals("elephant", found.get(0).merged());
        assertEquals(List.of(), SamePrompt.among(List.of("\"Elephant\"", "zebra")));
    }

    @Test
    void manyNamesAreCutShort() {
        List<String> many = IntStream.range(1, 20).mapToObj(i -> "a" + " ".repeat(i)).toList();
        assertTrue(SamePrompt.among(many).get(0).shown().endsWith(", and 11 more"));
    }
}
