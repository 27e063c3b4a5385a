package dev.promptgate.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.evidence.PromptScorer;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prequential accuracy and the figures of continual learning, on a real broker with real features. */
@BrokerTest
@BundledModelTest
class ContinualIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> CLASSES = EvaluatorRun.classes();

    private final TestBroker broker;
    private final ClipModel model;
    private EvaluatorRun run;

    ContinualIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @BeforeEach
    void createTopics() throws Exception {
        run = new EvaluatorRun(broker, model);
    }

    @Test
    void imagesOfAClassThatArrivesBeforeItIsTrainedCountAsUnseenForThePromptThatIsLiveThen() throws Exception {
        List<ImageFeature> first = run.images(CLASSES.subList(0, 40), Split.HELD_OUT);
        List<ImageFeature> probes = run.images(CLASSES.subList(100, 110), Split.PROBE);
        List<ImageFeature> fresh = run.images(List.of(CLASSES.get(60)), Split.HELD_OUT);
        run.push(first);
        run.push(probes);
        try (ServiceHost host = run.start(Map.of())) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 1);
            await().atMost(LIMIT).until(() -> lastMeasurement(400) != null);
            JsonNode before = lastMeasurement(400).path("prequential_unseen");
            run.push(fresh);
            run.push(fresh); // sent again: counts once
            await().atMost(LIMIT).until(() -> lastMeasurement(416) != null);
            JsonNode after = lastMeasurement(416).path("prequential_unseen");
            assertEquals(8, after.path("images").asLong() - before.path("images").asLong());
            PromptScorer live = new PromptScorer(model.textEncoder(), Prompt.handWritten("default", run.handWritten()));
            Set<String> unseen = new HashSet<>(CLASSES.subList(100, 110));
            unseen.add(CLASSES.get(60));
            long right = fresh.stream().filter(f -> live.isRight(f.feature(), f.label(), unseen)).count();
            assertEquals(right, Math.round(after.path("accuracy").asDouble() * after.path("images").asLong()
                    - before.path("accuracy").asDouble() * before.path("images").asLong()));
            assertEquals(88, lastMeasurement(416).path("images").path("unseen").asInt(),
                    "probe images and those of the class that is not trained yet");
            assertEquals(after.path("accuracy").asDouble(),
                    host.registry().get(EvaluatorMeters.PREQUENTIAL.name()).tag("prompt", "live").gauge().value(), 1e-12);
        }
    }

    @Test
    void forgettingAverageAccuracyAndBackwardTransferAreReportedOverTheWaves() throws Exception {
        run.push(run.images(CLASSES.subList(0, 50), Split.HELD_OUT));
        try (ServiceHost host = run.start(Map.of("evaluator.max-seen-drop", "0.9"))) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 400);
            run.candidate(2, run.noise(), CLASSES.subList(0, 50), 400);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 2);
            await().atMost(LIMIT).until(() -> host.registry().get(EvaluatorMeters.WAVES.name()).gauge().value() == 2);
            assertEquals(run.verdicts().get(1).path("continual").path("mean_forgetting").asDouble(),
                    host.registry().get(EvaluatorMeters.CONTINUAL.name()).tag("prompt", "live").tag("figure", "mean-forgetting").gauge()
                            .value(),
                    1e-12);
        }
        JsonNode first = run.verdicts().get(0).path("continual");
        JsonNode second = run.verdicts().get(1).path("continual");
        assertEquals(1, first.path("waves").asInt());
        assertTrue(first.path("mean_forgetting").isNull() && first.path("backward_transfer").isNull(), first.toString());
        // Every class has 8 images.
        assertEquals(run.verdicts().get(0).path("candidate").path("seen").asDouble(), first.path("average_accuracy").asDouble(), 1e-9);
        assertEquals(2, second.path("waves").asInt());
        assertTrue(second.path("mean_forgetting").asDouble() > second.path("zero_shot").path("mean_forgetting").asDouble(),
                "a ruined prompt forgets more than one that only sees more names");
        assertTrue(second.path("backward_transfer").asDouble() < 0 && second.path("most_forgotten").size() == 20, second.toString());
        JsonNode waves = run.verdicts().get(1).path("waves").path("live");
        assertEquals(50, waves.size());
        double forgetting = 0;
        for (String name : CLASSES.subList(0, 40)) {
            forgetting += waves.path(name).path(2).asDouble() - waves.path(name).path(4).asDouble();
        }
        assertEquals(forgetting / 40, second.path("mean_forgetting").asDouble(), 1e-9);
    }

    private JsonNode lastMeasurement(long horizon) {
        return run.reports("measurement").stream()
                .filter(m -> m.path("feature_offsets").path("0").asLong() == horizon && m.path("live_version").asLong() == 1)
                .reduce((a, b) -> b).orElse(null);
    }
}
