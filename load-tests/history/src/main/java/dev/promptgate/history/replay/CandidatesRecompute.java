package dev.promptgate.history.replay;

import dev.promptgate.evaluator.input.InputOrder.Input;
import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.learner.update.CandidateReplay;
import dev.promptgate.learning.continual.Update;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Each candidate learned from the features before its horizon and from nothing else: the same classes, shots and times by the learner's own
 * memory; and if updates are run again, the same context bit for bit, which takes the learner's time and its kind of machine. When an
 * update was due is not recomputed. Candidates of another model are passed over, and those that do not say which update they came from.
 */
public final class CandidatesRecompute implements Invariant {
    private record Waiting(Place place, Prompt candidate) {
        long horizon() {
            return candidate.metadata().featureOffsets().getOrDefault(0, 0L);
        }
    }

    private final CandidateReplay replay;
    private final String model;
    private final boolean trains;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final Violations violations = new Violations("candidates-recompute");

    /** @param trains whether updates are run again */
    public CandidatesRecompute(CandidateReplay replay, String model, boolean trains) {
        this.replay = replay;
        this.model = model;
        this.trains = trains;
    }

    @Override
    public void candidate(Place place, Prompt candidate) {
        if (candidate.metadata().modelFingerprint().equals(model) && candidate.metadata().training().containsKey("update")) {
            waiting.add(new Waiting(place, candidate));
        }
    }

    @Override
    public void again(Input input, ConsumerRecord<byte[], byte[]> record) {
        if (input == Input.FEATURES) {
            while (!waiting.isEmpty() && waiting.peek().horizon() <= record.offset()) {
                check(waiting.remove());
            }
            replay.take(record);
        }
    }

    private void check(Waiting next) {
        violations.checked();
        PromptMetadata about = next.candidate().metadata();
        Update update = replay.update(next.candidate());
        Map<String, Object> recorded = new LinkedHashMap<>();
        recorded.put("classes", about.classes());
        recorded.put("ready_at", about.readyAt());
        recorded.put("descriptions", about.descriptions());
        recorded.put("shots", about.training().get("shots"));
        Map<String, Object> recomputed = new LinkedHashMap<>();
        recomputed.put("classes", update.trainingSet().classes());
        recomputed.put("ready_at", update.trainingSet().readyAt());
        recomputed.put("descriptions", update.trainingSet().descriptions());
        recomputed.put("shots", Integer.toString(update.trainingSet().shots().stream().mapToInt(shots -> shots.size()).sum()));
        if (trains && recorded.equals(recomputed)) {
            UpdateResult result = update.run(step -> {});
            recorded.put("training", about.training());
            recorded.put("context", Arrays.hashCode(next.candidate().context().values()));
            recomputed.put("training", replay.summary(result));
            recomputed.put("context", Arrays.hashCode(result.context().values()));
        }
        Differences.first(recorded, recomputed)
                .ifPresent(difference -> violations.add("%s (version %d): %s", next.place(), about.version(), difference));
    }

    @Override
    public Finding finish() {
        while (!waiting.isEmpty()) {
            check(waiting.remove());
        }
        return violations.finding();
    }
}
