package dev.promptgate.learning.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import dev.promptgate.clip.text.Context;
import dev.promptgate.testing.fuzz.DecoderFuzz;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Properties of the prompt's codec, and 100,000 damaged prompts. */
class PromptFuzzTest {
    @Test
    void aPromptComesBackAsItWent() {
        qt().forAll(strings().betweenCodePoints(0x20, 0x4FF).ofLengthBetween(1, 60), longs().between(0, 1L << 53),
                integers().between(1, 16), integers().between(1, 600))
                .checkAssert((text, number, tokens, width) -> {
                    Prompt prompt = prompt(text, number, tokens, width);
                    try {
                        Prompt back = PromptCodec.decode(PromptCodec.encode(prompt));
                        assertEquals(prompt.metadata(), back.metadata());
                        assertArrayEquals(prompt.context().values(), back.context().values());
                    } catch (UnreadablePromptException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    @Test
    void damagedPromptsArePromptsOrRefused() {
        DecoderFuzz.Outcome outcome = new DecoderFuzz("prompt", UnreadablePromptException.class, input -> 64L * input.length + 131_072)
                .run(100_000, List.of(PromptCodec.encode(prompt("default", 7, 4, 8)), PromptCodec.encode(prompt("zebra", 1, 1, 1))),
                        PromptCodec::decode);
        assertTrue(outcome.decoded() > 1_000 && outcome.refused() > 1_000, outcome.toString());
    }

    private static Prompt prompt(String text, long number, int tokens, int width) {
        float[] values = new float[tokens * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i + number % 1000);
        }
        return new Prompt(new Context(tokens, width, values),
                new PromptMetadata(text, number, number / 2, "sha256:" + text, number, new PromptMetadata.Origin(List.of(text, "cat"), text,
                        Map.of("method", text, "rho", "0.1"), Map.of(0, number), Map.of(text, number),
                        new Descriptions(Map.of("cat", text))),
                        Map.of("reason", text)));
    }
}
