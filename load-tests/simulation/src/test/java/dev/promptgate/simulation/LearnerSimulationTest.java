package dev.promptgate.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Each seed is a history, one life of learners that are left alone, and one of some that are killed; both must learn the same. */
class LearnerSimulationTest {
    @Test
    void whateverHappensTheLearnerLearnsTheSame() {
        AtomicLong candidates = new AtomicLong();
        AtomicLong kills = new AtomicLong();
        Seeds.forEach(getClass(), seed -> {
            LearnerHistory history = new LearnerHistory(seed);
            LearnerLife killed = new LearnerLife(history, seed + 2, true);
            List<Prompt> learned = learned(killed);
            check(history, learned);
            requireSame(learned(new LearnerLife(history, seed + 1, false)), learned);
            candidates.addAndGet(learned.size());
            kills.addAndGet(killed.pace.kills());
        });
        System.out.printf("Learner, %d seeds: %d candidates, %d kills%n", Seeds.count(), candidates.get(), kills.get());
        assertTrue(candidates.get() > Seeds.count(), "candidates");
    }

    private static List<Prompt> learned(LearnerLife life) throws Exception {
        List<Prompt> learned = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : life.log.all(LearnerHistory.TOPICS.promptCandidates())) {
            learned.add(PromptCodec.decode(record.value()));
        }
        return learned;
    }

    /** Versions and updates are counted without a gap, and each is learned from what image-features says before its horizon. */
    private static void check(LearnerHistory history, List<Prompt> learned) {
        for (int i = 0; i < learned.size(); i++) {
            Prompt candidate = learned.get(i);
            assertEquals(i + 1, candidate.version(), "version");
            assertEquals(i, candidate.metadata().parent(), "parent");
            assertEquals(Integer.toString(i + 1), candidate.metadata().training().get("update"), "update");
            if (history.settings.get("learner.shots").length() == 4) { // enough for every image
                FeatureLedger ledger = new FeatureLedger(
                        history.log.read(LearnerHistory.TOPICS.imageFeatures(), 0, candidate.metadata().featureOffsets().get(0), 0));
                Map<String, Integer> shots = new TreeMap<>();
                ledger.judgingOrTraining().filter(image -> image.split() == Split.TRAIN)
                        .forEach(image -> shots.merge(image.label(), 1, Integer::sum));
                shots.values().removeIf(count -> count < LearnerHistory.LEAST_SHOTS);
                assertEquals(List.copyOf(shots.keySet()), candidate.metadata().classes(), "classes of version " + (i + 1));
                assertEquals(Integer.toString(shots.values().stream().mapToInt(count -> count).sum()),
                        candidate.metadata().training().get("shots"), "shots of version " + (i + 1));
                assertEquals(ledger.descriptions(), candidate.metadata().descriptions().byClass(), "descriptions");
            }
        }
    }

    private static void requireSame(List<Prompt> expected, List<Prompt> learned) {
        for (int i = 0; i < Math.min(expected.size(), learned.size()); i++) {
            assertEquals(expected.get(i).metadata().origin(), learned.get(i).metadata().origin(), "origin of version " + (i + 1));
            assertArrayEquals(expected.get(i).context().values(), learned.get(i).context().values(), "context of version " + (i + 1));
        }
        assertEquals(expected.size(), learned.size(), "candidates");
    }
}
