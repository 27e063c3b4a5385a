package dev.promptgate.chaos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.learning.prompt.Prompt;
import java.util.List;
import java.util.Set;

/** What learners and evaluators came to, for comparison: all but times and offsets. */
final class Outcomes {
    private static final String[] DECISION = {"kind", "candidate_version", "live_version", "outcome", "final", "rolled_out", "from", "to",
            "reason", "tests", "candidate", "live", "zero_shot",
            "continual", "waves"};
    /** When there is a measurement is told by the clock; a command is the operator's. */
    private static final Set<String> NO_DECISIONS = Set.of("measurement", "command");

    private Outcomes() {}

    /** Bit for bit; horizons excepted. */
    static void assertSameCandidates(List<Prompt> expected, List<Prompt> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            Prompt a = expected.get(i);
            Prompt b = found.get(i);
            assertEquals(a.metadata().version(), b.metadata().version());
            assertEquals(a.metadata().parent(), b.metadata().parent());
            assertEquals(a.metadata().classes(), b.metadata().classes());
            assertEquals(a.metadata().training(), b.metadata().training());
            assertArrayEquals(a.context().values(), b.context().values(), "the context of version " + a.metadata().version());
        }
    }

    static List<String> decisions(Stream stream) {
        return stream.reports().stream().filter(report -> !NO_DECISIONS.contains(report.path("kind").asText())).map(report -> {
            StringBuilder text = new StringBuilder();
            for (String key : DECISION) {
                text.append(key).append('=').append(report.path(key)).append(' ');
            }
            return text.toString();
        }).toList();
    }
}
