package dev.promptgate.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Classes are renamed, merged and erased while services and the commands themselves are killed: topics, memory, held-out set and decisions
 * are those of a run that nobody disturbed.
 */
@BrokerTest
class ClassOperationsChaosIT {
    private static final long SEED = Long.getLong("chaos.seed", 1);
    private static final int RUNS = Scale.FULL ? 5 : 1;

    private final TestBroker broker;

    ClassOperationsChaosIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void renamedMergedAndErasedUnderKillsTheStateIsThatOfAnUndisturbedRun(@TempDir Path directory) throws Exception {
        Stream undisturbed = Stream.create(broker.bootstrapServers(), broker.uniquePrefix(), 1);
        Map<String, Object> expected = operate(undisturbed, directory, Optional.empty());
        assertIsAsAsked(undisturbed, expected);
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            Stream disturbed = Stream.create(broker.bootstrapServers(), broker.uniquePrefix(), 1);
            Map<String, Object> found = operate(disturbed, directory, Optional.of(seed));
            expected.forEach((part, value) -> assertEquals(value, found.get(part), part));
            Outcomes.assertSameCandidates(undisturbed.candidates(), disturbed.candidates());
        }
    }

    private static Map<String, Object> operate(Stream stream, Path directory, Optional<Long> seed) throws Exception {
        long began = System.nanoTime();
        try (OperatedStream operated = new OperatedStream(stream, directory, seed.map(Random::new))) {
            operated.operate();
            Map<String, Object> outcome = operated.outcome();
            Ledger ledger = Ledger.of(stream);
            assertTrue(ledger.isBalanced(), ledger.toString());
            stream.assertCleanHistory();
            LedgerReport.add("classes renamed, merged and erased while services and commands are killed (SIGKILL)",
                    seed.map(n -> "%d kills with seed %d, %d of the 3 commands in mid-writing; %.0f s".formatted(operated.killed(), n,
                            operated.killedInMidWriting(), (System.nanoTime() - began) / 1e9))
                            .orElse("never; %.0f s".formatted((System.nanoTime() - began) / 1e9)),
                    ledger.toString(), "%d candidates, live versions %s".formatted(stream.candidates().size(), stream.liveVersions()));
            assertTrue(seed.isEmpty() || operated.killedInMidWriting() * 2 >= 3, "too few commands were killed while they wrote");
            return outcome;
        }
    }

    /** The comparison would be worth nothing if both were wrong. */
    private static void assertIsAsAsked(Stream stream, Map<String, Object> outcome) {
        Set<String> expected = new TreeSet<>(OperationsPlan.KEPT);
        expected.addAll(Set.of("renamed", "merged", OperationsPlan.LATE));
        assertEquals(expected, new TreeSet<>(stream.candidates().get(1).metadata().classes()));
        Map<String, Long> images = Ledger.of(stream).ids().values().stream()
                .collect(Collectors.groupingBy(ImageFeature::label, Collectors.counting()));
        assertEquals(20, images.get("renamed"));
        assertEquals(40, images.get("merged"));
        assertTrue(images.keySet().containsAll(expected), images.toString());
        assertEquals(expected.size() + 2, images.size(), "two probe classes beside them: " + images);
        assertTrue(outcome.get("trace").toString().startsWith("erased: "), outcome.get("trace").toString());
    }
}
