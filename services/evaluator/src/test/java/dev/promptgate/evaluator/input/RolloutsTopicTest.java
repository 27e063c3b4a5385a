package dev.promptgate.evaluator.input;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.trust.PromptVerifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RolloutsTopicTest {
    private static final PromptKey KEY = new PromptKey("default");
    private static final String MODEL = "sha256:ours";

    private final RolloutsTopic topic = new RolloutsTopic(KEY, PromptVerifier.off());
    private final Prompt live = prompt(3, MODEL, 0.5f, "cat", "dog");

    @Test
    void whateverDiffersFromWhatIsLiveIsFound() {
        assertEquals(Optional.of("nothing"), contradiction());
        take(live);
        assertEquals(Optional.empty(), contradiction());
        take(prompt(2, MODEL, 0.5f, "cat", "dog"));
        assertEquals(Optional.of("version 2"), contradiction());
        take(prompt(3, MODEL, 0.6f, "cat", "dog"));
        assertEquals(Optional.of("another prompt as version 3"), contradiction());
        take(prompt(3, MODEL, 0.5f, "cat", "bird"));
        assertEquals(Optional.of("another prompt as version 3"), contradiction());
        take(prompt(3, "sha256:another", 0.6f, "cat", "dog"));
        assertEquals(Optional.empty(), contradiction(), "another model's is left alone");
        topic.take(new ConsumerRecord<>("prompt-rollouts", 0, 0, KEY.bytes(), new byte[] {1}));
        assertEquals(Optional.of("a record that cannot be read or trusted"), contradiction());
        topic.take(new ConsumerRecord<>("prompt-rollouts", 0, 0, KEY.bytes(), null));
        assertEquals(Optional.of("no prompt"), contradiction());
    }

    private Optional<String> contradiction() {
        return topic.contradiction(live, MODEL);
    }

    private void take(Prompt prompt) {
        topic.take(new ConsumerRecord<>("prompt-rollouts", 0, 0, KEY.bytes(), PromptCodec.encode(prompt)));
    }

    private static Prompt prompt(long version, String model, float value, String... classes) {
        PromptMetadata.Origin origin = new PromptMetadata.Origin(List.of(classes), "a photo of a", Map.of(), Map.of(), Map.of());
        return new Prompt(new Context(1, 2, new float[] {value, 1}),
                new PromptMetadata("default", version, 0, model, 1, origin, Map.of()));
    }
}
