package dev.promptgate.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.chaos.fault.Fault;
import dev.promptgate.chaos.fault.FaultAgent;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.history.HistoryCheck;
import dev.promptgate.history.HistoryCheck.Result;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Services with one mistake each, which the history gives away, by the invariant that it breaks; and services without. */
@BrokerTest
class PlantedFaultsIT {
    private static final Map<String, Map<String, String>> SETTINGS = Map.of(
            "encoder", Map.of("encoder.batch-size", "8", "encoder.decode-threads", "1"),
            "learner", Map.of("learner.steps", "4", "learner.batch", "16", "learner.min-shots", "4", "learner.settle-shots", "5",
                    "learner.settle-time", "1h", "learner.late-updates", "each"),
            "evaluator", Map.of("evaluator.max-seen-drop", "0.1", "evaluator.idle-time", "300ms"));

    /** A JVM of seconds ends before more than the first compiler would pay. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    private final TestBroker broker;

    @TempDir
    private Path directory;
    private static Path agent;
    private static ClipModel model;

    PlantedFaultsIT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeAll
    static void pack(@TempDir Path shared) throws Exception {
        agent = FaultAgent.pack(shared);
        model = ClipModel.load(BundledModel.extractTo(shared.resolve("model")), ComputeOptions.cpu());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource
    void theHistoryTellsTheFault(Fault fault) throws Exception {
        Result result = run(fault.service, Optional.of(fault));
        System.out.printf("chaos: planted fault %s: %s%n", fault, String.join(", ", result.broken()));
        assertTrue(result.broken().contains(fault.invariant), result::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"encoder", "learner", "evaluator"})
    void withoutFaultItIsClean(String service) throws Exception {
        Result result = run(service, Optional.empty());
        assertTrue(result.isClean(), result::toString);
        String recomputed = Map.of("encoder", "nothing-lost", "learner", "candidates-recompute", "evaluator", "verdicts-recompute")
                .get(service);
        assertTrue(result.invariants().stream().anyMatch(finding -> finding.invariant().equals(recomputed) && finding.checked() > 1),
                result::toString);
    }

    private Result run(String service, Optional<Fault> fault) throws Exception {
        Stream stream = Stream.create(broker.bootstrapServers(), broker.uniquePrefix(), 2);
        FaultInputs inputs = new FaultInputs(stream, model);
        int expected = switch (service) {
            case "encoder" -> inputs.pushImages();
            case "learner" -> inputs.pushTrainingFeatures();
            default -> inputs.pushCandidates();
        };
        Map<String, String> settings = new HashMap<>(SETTINGS.get(service));
        fault.ifPresent(planted -> settings.putAll(planted.settings));
        List<String> options = new ArrayList<>(List.of(SHORT_LIVED));
        fault.filter(planted -> planted.settings.isEmpty())
                .ifPresent(planted -> options.add("-javaagent:%s=%s".formatted(agent, planted)));
        boolean ended;
        try (ServiceRun faulty = ServiceRun.start(service, stream, directory, settings, options.toArray(String[]::new))) {
            Awaitility.await().atMost(Scale.LIMIT).pollInterval(Duration.ofMillis(200))
                    .until(() -> !faulty.isAlive() || inputs.isDone(service, fault, expected));
            ended = !faulty.isAlive();
            assertTrue(!ended || fault.filter(FaultInputs::isDeadly).isPresent(), faulty.log());
            if (!ended) {
                assertEquals(0, faulty.terminate(Duration.ofSeconds(40)), faulty.log());
            }
        }
        if (ended) { // as an operator's supervisor would, with the build before
            try (ServiceRun next = ServiceRun.start(service, stream, directory, SETTINGS.get(service), SHORT_LIVED)) {
                Awaitility.await().atMost(Scale.LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> inputs.isCommitted(expected));
                assertEquals(0, next.terminate(Duration.ofSeconds(40)), next.log());
            }
        }
        return HistoryCheck.of(stream.clients(), stream.topics(), SETTINGS.get(service)).run(model, true);
    }
}
