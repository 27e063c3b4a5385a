package dev.promptgate.follower;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

final class Prompts {
    static final String NAME = "default";
    static final String MODEL = "sha256:ours";
    static final float[] CTX = {0.5f, -1.25f, Float.MIN_NORMAL, 3.4e38f, -0f, 0.1f};

    private Prompts() {}

    static byte[] value(long version) {
        return value(NAME, version, MODEL, List.of("red apple", "Übergröße \"quoted\""));
    }

    static byte[] value(String prompt, long version, String model, List<String> classes) {
        return PromptCodec.encode(
                new Prompt(new Context(2, 3, CTX), new PromptMetadata(prompt, version, version - 1, model, 7,
                        new PromptMetadata.Origin(classes, "a photo", Map.of("loss", "0.5"), Map.of(0, 12L), Map.of("red apple", 5L),
                                new Descriptions(Map.of("n1", "fruit of a tree"))),
                        Map.of("reason", "better"))));
    }

    static byte[] key(String prompt) {
        return prompt.getBytes(StandardCharsets.UTF_8);
    }
}
