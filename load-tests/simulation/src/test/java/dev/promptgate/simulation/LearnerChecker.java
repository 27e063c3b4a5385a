package dev.promptgate.simulation;

import static dev.promptgate.simulation.Invariant.EQUAL_CANDIDATES;
import static dev.promptgate.simulation.Invariant.RIGHT_SHOTS;
import static dev.promptgate.simulation.Invariant.UPDATES_AS_PLANNED;
import static dev.promptgate.simulation.Invariant.VERSIONS_WITHOUT_GAP;

import dev.promptgate.learner.update.Checkpoint;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.simulation.Invariant.BrokenException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** What must hold of a life of learners, by the candidates that they wrote. */
final class LearnerChecker {
    private final LearnerLife life;
    private final Map<String, String> settings;
    private final List<Prompt> learned = new ArrayList<>();

    LearnerChecker(LearnerLife life, Map<String, String> settings) throws Exception {
        this.life = life;
        this.settings = settings;
        for (ConsumerRecord<byte[], byte[]> record : life.log.all(LearnerHistory.TOPICS.promptCandidates())) {
            learned.add(PromptCodec.decode(record.value()));
        }
    }

    int candidates() {
        return learned.size();
    }

    void check() throws BrokenException {
        boolean keepsAll = settings.get("learner.shots").length() == 4; // enough for every image
        long update = 0;
        for (int i = 0; i < learned.size(); i++) {
            Prompt candidate = learned.get(i);
            VERSIONS_WITHOUT_GAP.requireEqual(List.of(i + 1L, (long) i), List.of(candidate.version(), candidate.metadata().parent()),
                    "version and parent");
            long next = Long.parseLong(candidate.metadata().training().get("update"));
            VERSIONS_WITHOUT_GAP.require(isMerging() ? next > update : next == update + 1, // one that made way has a number
                    "update %d behind %d".formatted(next, update));
            update = next;
            if (keepsAll) {
                checkShots(candidate);
            }
        }
        checkPlans();
        Map<String, Integer> last = ledger(life.log.written(LearnerHistory.TOPICS.imageFeatures())).shots(LearnerHistory.LEAST_SHOTS);
        if (keepsAll && last.size() > 1) {
            RIGHT_SHOTS.require(!learned.isEmpty() && learned.get(learned.size() - 1).metadata().classes().containsAll(last.keySet()),
                    "classes that the last candidate has not learned: " + last);
        }
    }

    private boolean isMerging() {
        return settings.get("learner.late-updates").equals("merge");
    }

    private void checkPlans() throws BrokenException {
        Map<Long, Long> planned = new HashMap<>();
        for (OffsetAndMetadata written : life.coordinator.checkpoints()) {
            Checkpoint checkpoint = Checkpoint.decode(written).orElseThrow();
            if (!checkpoint.isDone()) {
                planned.putIfAbsent(checkpoint.update(), checkpoint.offset());
            }
            UPDATES_AS_PLANNED.requireEqual(planned.get(checkpoint.update()), checkpoint.offset(),
                    "horizon of update " + checkpoint.update());
        }
    }

    private FeatureLedger ledger(long horizon) {
        return new FeatureLedger(life.log.read(LearnerHistory.TOPICS.imageFeatures(), 0, horizon, 0));
    }

    private void checkShots(Prompt candidate) throws BrokenException {
        FeatureLedger ledger = ledger(candidate.metadata().featureOffsets().get(0));
        Map<String, Integer> shots = ledger.shots(LearnerHistory.LEAST_SHOTS);
        RIGHT_SHOTS.requireEqual(List.copyOf(shots.keySet()), candidate.metadata().classes(), "classes of version " + candidate.version());
        RIGHT_SHOTS.requireEqual(Integer.toString(shots.values().stream().mapToInt(count -> count).sum()),
                candidate.metadata().training().get("shots"), "shots of version " + candidate.version());
        RIGHT_SHOTS.requireEqual(ledger.descriptions(), candidate.metadata().descriptions().byClass(),
                "descriptions of version " + candidate.version());
    }

    /** Promised of updates each on its own records; those that were merged may have begun later where one was killed. */
    void requireSameAs(LearnerChecker other) throws BrokenException {
        if (isMerging()) {
            return;
        }
        for (int i = 0; i < Math.min(other.learned.size(), learned.size()); i++) {
            EQUAL_CANDIDATES.requireEqual(other.learned.get(i).metadata().origin(), learned.get(i).metadata().origin(),
                    "origin of version " + (i + 1));
            EQUAL_CANDIDATES.requireEqual(Arrays.toString(other.learned.get(i).context().values()),
                    Arrays.toString(learned.get(i).context().values()), "context of version " + (i + 1));
        }
        EQUAL_CANDIDATES.requireEqual(other.learned.size(), learned.size(), "candidates");
    }
}
