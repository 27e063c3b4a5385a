package dev.promptgate.learner.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.text.Context;
import dev.promptgate.learner.update.Restart.CandidateCheck;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.trust.PromptVerifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which candidates of an earlier learner can be gone on from. */
class RestartTest {
    private final CandidateCheck check = new CandidateCheck(PromptVerifier.off(), "model", 4, 8, 100);

    private static Prompt candidate(int tokens, int width, long offset) {
        return new Prompt(new Context(tokens, width, new float[tokens * width]), new PromptMetadata("default", 1, 0, "model", 0,
                new PromptMetadata.Origin(List.of("cat", "dog"), "a photo of a", Map.of(), Map.of(0, offset), Map.of(),
                        Descriptions.NONE),
                Map.of()));
    }

    @Test
    void oneOfThisShapeFromFeaturesThatAreThereCan() {
        assertEquals(Optional.empty(), check.objection(candidate(4, 8, 100)));
    }

    @Test
    void oneOfAnotherShapeIsNamedByIt() {
        String why = check.objection(candidate(5, 8, 100)).orElseThrow();
        assertTrue(why.endsWith("[found: 5 × 8, needed: 4 × 8]"), why);
        assertFalse(check.objection(candidate(4, 16, 100)).isEmpty());
    }

    @Test
    void oneFromBeyondTheFeaturesIsNamedByItsOffset() {
        String why = check.objection(candidate(4, 8, 101)).orElseThrow();
        assertTrue(why.endsWith("[its offset: 101, end: 100]"), why);
    }
}
