package dev.promptgate.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.topic.TopicNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * Learner and evaluator on one log, both killed. What the learner learns depends on image-features alone: its candidates are those of one
 * that is left alone, and without an evaluator. What the evaluator decides depends on when they came as well: it decides as one does that
 * is left alone with the same candidates.
 */
class SystemSimulationTest {
    /** A seed takes four lives. */
    private static final int SHARE = 4;
    private static final TopicNames TOPICS = LearnerHistory.TOPICS;
    private static final byte[] KEY = new PromptKey(EvaluatorHistory.PROMPT).bytes();
    private static final Set<String> INPUTS = Set.of(TOPICS.imageFeatures(), TOPICS.promptCandidates(), TOPICS.gateCommands());
    /**
     * The learner's last candidate may stay unclear until its deadline, which a record brings: no time passes without for who is killed.
     */
    private static final int DEADLINE_MILLIS = 25_000;
    private static final int REST_MILLIS = 10_000;
    private static final Map<String, String> EVALUATOR = new TreeMap<>(Map.of("evaluator.max-seen-drop", "0.2", "evaluator.confidence",
            "0.8", "evaluator.min-images", "10", "evaluator.recheck-images", "5", "evaluator.max-images-per-class", "1000",
            "evaluator.inconclusive-deadline", "20s", "evaluator.cool-down", "3s", "evaluator.watch-period", "60"));

    private final GateErrors events = new GateErrors();
    private final AtomicLong kills = new AtomicLong();

    @Test
    void whateverBefallsThemBothCandidatesAreJudgedAndWhatIsLiveIsOneOfThem() {
        Seeds.forEach(getClass(), SHARE, this::live);
        System.out.printf("Learner and evaluator, %d seeds: %d kills%n%s", Seeds.count(SHARE), kills.get(), events);
        if (Seeds.count(SHARE) >= 200) {
            List.of("verdict rolled out", "verdict FAIL ", "verdict INCONCLUSIVE ", "verdict PASS paused", "rollback operator")
                    .forEach(event -> assertTrue(events.seen(event) > 0, event));
        }
    }

    void live(long seed) throws Exception {
        LearnerHistory history = new LearnerHistory(seed);
        SimulatedLog log = history.log.copy();
        long deadline = history.end + DEADLINE_MILLIS;
        log.transact(List.of(new ProducerRecord<>(TOPICS.gateCommands(), KEY, new byte[] {4})), deadline, deadline, false);
        LearnerLife learner = learner(history, log, seed + 3, true);
        EvaluatorLife evaluator = evaluator(history, log, seed + 4, true);
        evaluator.meanwhile(() -> { // the learner reads nothing of what the evaluator writes
            while (!learner.pace.isOver() && learner.pace.clock().wallTime() < evaluator.pace.clock().wallTime()) {
                learner.goOn();
            }
        });
        evaluator.goOnToTheEnd();
        LearnerChecker learned = new LearnerChecker(learner, history.settings);
        learned.check();
        LearnerLife learnerAlone = learner(history, history.log.copy(), seed + 1, false);
        learnerAlone.goOnToTheEnd();
        learned.requireSameAs(new LearnerChecker(learnerAlone, history.settings));

        EvaluatorChecker decided = new EvaluatorChecker(evaluator, EVALUATOR);
        decided.check();
        EvaluatorLife evaluatorAlone = evaluator(history, log.copyOf(INPUTS), seed + 5, false);
        evaluatorAlone.goOnToTheEnd();
        decided.requireSameAs(new EvaluatorChecker(evaluatorAlone, EVALUATOR));
        decided.tell(events);
        kills.addAndGet(learner.pace.kills() + evaluator.pace.kills());
    }

    private static LearnerLife learner(LearnerHistory history, SimulatedLog log, long seed, boolean isKilled) {
        return new LearnerLife(log, new Pace(LearnerHistory.BEGIN, history.end, LearnerLife.ENDING_MILLIS, seed, isKilled), Fault.NONE,
                history.settings);
    }

    private static EvaluatorLife evaluator(LearnerHistory history, SimulatedLog log, long seed, boolean isKilled) {
        return new EvaluatorLife(log,
                new Pace(LearnerHistory.BEGIN, history.end + DEADLINE_MILLIS + REST_MILLIS, EvaluatorLife.ENDING_MILLIS, seed, isKilled),
                Fault.NONE, EVALUATOR, new LinearModel(0));
    }
}
