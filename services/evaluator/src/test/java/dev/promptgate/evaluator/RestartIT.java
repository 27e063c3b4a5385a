package dev.promptgate.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Evaluators that are thrown out in mid-work by their successors decide as one that is left alone. */
@BrokerTest
@Tag("broker-semantics")
@BundledModelTest
class RestartIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final List<String> CLASSES = EvaluatorRun.classes();
    private static final Map<String, String> SETTINGS = Map.of("evaluator.cool-down", "0s", "evaluator.recheck-images", "30",
            "evaluator.min-images-per-class", "0",
            "evaluator.max-images-per-class", "10");
    private static final String[] DECISION = {"kind", "candidate_version", "live_version", "outcome", "final", "rolled_out", "held_by",
            "from", "to", "cause", "command", "accepted",
            "reason", "tests", "candidate", "live", "zero_shot", "joint_paired", "changed", "per_class", "confusion", "paused", "continual",
            "waves"};

    private final TestBroker broker;
    private final ClipModel model;

    RestartIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @Test
    void evaluatorsThatAreThrownOutDecideAsOneThatIsLeftAlone() throws Exception {
        EvaluatorRun undisturbed = scripted();
        try (ServiceHost host = undisturbed.start(SETTINGS)) {
            await().atMost(LIMIT).until(() -> isDone(undisturbed));
        }
        EvaluatorRun disturbed = scripted();
        Random random = new Random(7);
        List<ServiceHost> hosts = new ArrayList<>();
        try {
            for (int i = 0; i < 12 && !isDone(disturbed); i++) {
                hosts.add(disturbed.start(SETTINGS));
                Thread.sleep(100 + random.nextInt(150)); // the next one fences it wherever it is
            }
            await().atMost(LIMIT).until(() -> isDone(disturbed));
            assertTrue(hosts.stream().filter(host -> host.failure().failed()).count() >= 3, "too few were thrown out in mid-work");
        } finally {
            hosts.forEach(ServiceHost::close);
        }
        List<String> expected = decisions(undisturbed);
        List<String> found = decisions(disturbed);
        for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
            assertEquals(expected.get(i), found.get(i), "decision " + i);
        }
        assertEquals(expected.size(), found.size());
        assertEquals(undisturbed.liveVersions(), disturbed.liveVersions());
        for (String kind : new String[] {"verdict", "rollback", "command", "refusal"}) {
            assertTrue(expected.stream().anyMatch(decision -> decision.contains(kind)), "the script has no " + kind);
        }
    }

    /** A whole life, in the topics before anybody reads it. */
    private EvaluatorRun scripted() throws Exception {
        EvaluatorRun run = new EvaluatorRun(broker, model);
        List<ImageFeature> first = run.images(CLASSES.subList(0, 40), Split.HELD_OUT);
        List<ImageFeature> second = run.images(CLASSES.subList(40, 60), Split.HELD_OUT);
        run.push(first);
        run.push(run.images(CLASSES.subList(100, 115), Split.PROBE));
        run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 440); // pass
        run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 440); // refused
        run.push(second.subList(0, 80)); // classes not trained yet
        run.candidate(2, run.noise(), CLASSES.subList(0, 40), 500); // fail
        run.candidate(3, run.handWritten(), CLASSES.subList(0, 60), 520); // pass
        run.command(GateCommand.Action.PAUSE, OptionalLong.empty(), 0);
        run.push(EvaluatorRun.copies(first, "-2").subList(0, 150));
        run.candidate(4, run.handWritten(), CLASSES.subList(0, 60), 600); // held
        run.push(second.subList(80, 160));
        run.command(GateCommand.Action.RESUME, OptionalLong.empty(), 0);
        run.push(EvaluatorRun.copies(first, "-3").subList(0, 100));
        run.candidate(5, nudged(run), CLASSES.subList(0, 60), 700); // unclear for a while
        for (int i = 0; i < 6; i++) {
            run.push(EvaluatorRun.copies(second, "-" + i).subList(0, 60));
        }
        run.candidate(6, run.handWritten(), CLASSES.subList(0, 60), 1200);
        run.command(GateCommand.Action.ROLLBACK, OptionalLong.of(3), 0);
        run.push(EvaluatorRun.copies(first, "-4"));
        run.candidate(7, run.handWritten(), CLASSES.subList(0, 60), 1500); // the last
        return run;
    }

    private static Context nudged(EvaluatorRun run) {
        float[] values = run.handWritten().values().clone();
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.01 * random.nextGaussian());
        }
        return run.handWritten().withValues(values);
    }

    private static boolean isDone(EvaluatorRun run) {
        return run.verdicts().stream().anyMatch(v -> v.path("candidate_version").asLong() == 7);
    }

    private static List<String> decisions(EvaluatorRun run) {
        List<String> decisions = new ArrayList<>();
        for (JsonNode report : run.reports()) {
            if (!report.path("kind").asText().equals("measurement")) {
                StringBuilder text = new StringBuilder();
                for (String key : DECISION) {
                    text.append(key).append('=').append(report.path(key)).append(' ');
                }
                decisions.add(text.toString());
            }
        }
        return decisions;
    }
}
