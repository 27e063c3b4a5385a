package dev.promptgate.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learners killed in mid-update, and evaluators in mid-verdict: what comes out is what one that is left alone gives, bit for bit. */
@BrokerTest
class LearnerChaosIT {
    private static final Map<String, String> LEARNER = Map.of("learner.steps", Scale.FULL ? "400" : "150", "learner.batch", "64",
            "learner.learning-rate", "0.01", "learner.settle-time", "1h",
            "learner.settle-shots", "40", "learner.late-updates", "each");
    /** Short looks at few images, so that verdicts of every kind fall. */
    private static final Map<String, String> EVALUATOR = Map.of("evaluator.recheck-images", "20", "evaluator.idle-time", "300ms");

    private final TestBroker broker;

    LearnerChaosIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void killedInMidUpdateAndInMidVerdictTheyDecideAsThoseLeftAlone(@TempDir Path directory) throws Exception {
        Stream undisturbed = filled();
        long began = System.nanoTime();
        int updates = learn(undisturbed, directory, 0)[0];
        long millis = (System.nanoTime() - began) / 1_000_000;
        Stream disturbed = filled();
        int[] kills = learn(disturbed, directory, Scale.KILLS);
        disturbed.assertCleanHistory();
        Outcomes.assertSameCandidates(undisturbed.candidates(), disturbed.candidates());
        assertEquals(horizons(undisturbed), horizons(disturbed));
        LedgerReport.add("learner killed (SIGKILL) in mid-update",
                "%d times, %d of them with an update begun; undisturbed %d updates in %.1f s".formatted(Scale.KILLS, kills[1], updates,
                        millis / 1e3),
                "%d candidates, as without kills".formatted(disturbed.candidates().size()), "every context equal bit for bit");
        assertTrue(kills[1] * 2 >= Scale.KILLS, "too few kills hit an update: " + kills[1]);

        Stream judged = copyOf(undisturbed);
        evaluate(judged, directory, 0);
        Stream harassed = copyOf(undisturbed);
        int killed = evaluate(harassed, directory, Scale.KILLS);
        harassed.assertCleanHistory();
        List<String> expected = Outcomes.decisions(judged);
        List<String> found = Outcomes.decisions(harassed);
        for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
            assertEquals(expected.get(i), found.get(i), "decision " + i);
        }
        assertEquals(expected.size(), found.size());
        assertEquals(judged.liveVersions(), harassed.liveVersions());
        LedgerReport.add("evaluator killed (SIGKILL) in mid-verdict",
                "%d times, %d of them before the last verdict".formatted(Scale.KILLS, killed),
                "%d decisions, as without kills; live versions %s"
                        .formatted(found.size(), harassed.liveVersions()),
                "every figure of every decision is equal");
    }

    private static List<Map<Integer, Long>> horizons(Stream stream) {
        return stream.candidates().stream().map(candidate -> candidate.metadata().featureOffsets()).toList();
    }

    private Stream filled() throws Exception {
        Stream stream = Stream.create(broker.bootstrapServers(), broker.uniquePrefix(), 1);
        stream.push(Images.features().stream().map(feature -> feature.encode(stream.topics().imageFeatures())).toList());
        return stream;
    }

    /** The same features and candidates in the order in which they came, for evaluators. */
    private Stream copyOf(Stream source) throws Exception {
        Stream stream = Stream.create(broker.bootstrapServers(), broker.uniquePrefix(), 1);
        List<Prompt> candidates = source.candidates();
        List<ImageFeature> features = Images.features();
        int pushed = 0;
        for (int i = 0; i < candidates.size(); i++) {
            int upTo = (int) Math.min(features.size(), candidates.get(i).metadata().featureOffsets().get(0) + 60); // the learner took its
                                                                                                                   // time
            stream.push(features.subList(Math.min(pushed, upTo), upTo).stream()
                    .map(feature -> feature.encode(stream.topics().imageFeatures())).toList());
            pushed = Math.max(pushed, upTo);
            stream.push(source.read(source.topics().promptCandidates()).subList(i, i + 1).stream()
                    .map(record -> new ProducerRecord<>(stream.topics().promptCandidates(), record.key(), record.value())).toList());
        }
        stream.push(features.subList(pushed, features.size()).stream().map(feature -> feature.encode(stream.topics().imageFeatures()))
                .toList());
        return stream;
    }

    /** Runs learners until the last feature is learned from; updates run, and kills that hit one. */
    private static int[] learn(Stream stream, Path directory, int kills) throws Exception {
        int inMidUpdate = 0;
        for (int kill = 0; kill < kills; kill++) {
            try (ServiceRun learner = ServiceRun.start("learner", stream, directory, LEARNER).started()) {
                if (kill % 2 == 0) { // every other one hits an update for certain; the rest fall anywhere, into the start as well
                    Awaitility.await().atMost(Scale.LIMIT).until(() -> learner.meter("promptgate_learner_step_time_seconds_count") > 0
                            || learner.isReady() && learner.meter("promptgate_learner_lag") == 0);
                }
                Thread.sleep(ThreadLocalRandom.current().nextInt(1_500));
                learner.kill();
            }
            OffsetAndMetadata checkpoint = stream.checkpoint("promptgate-learner-default");
            inMidUpdate += checkpoint != null && checkpoint.metadata().contains("phase=planned") ? 1 : 0;
        }
        try (ServiceRun learner = ServiceRun.start("learner", stream, directory, LEARNER).started()) {
            double[] steps = {-1}; // of classes that never settle, an update stays due
            Awaitility.await().atMost(Scale.LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> {
                double before = steps[0];
                steps[0] = learner.meter("promptgate_learner_step_time_seconds_count");
                return learner.isReady() && learner.meter("promptgate_learner_lag") == 0 && !stream.candidates().isEmpty()
                        && steps[0] == before;
            });
            assertEquals(0, learner.terminate(Duration.ofSeconds(40)), learner.log());
        }
        return new int[] {stream.candidates().size(), inMidUpdate};
    }

    /** Runs evaluators until the last candidate has its verdict; kills that came before it. */
    private static int evaluate(Stream stream, Path directory, int kills) throws Exception {
        int inMidWork = 0;
        for (int kill = 0; kill < kills; kill++) {
            try (ServiceRun evaluator = ServiceRun.start("evaluator", stream, directory, EVALUATOR).started()) {
                Thread.sleep(200 + ThreadLocalRandom.current().nextInt(600));
                evaluator.kill();
            }
            inMidWork += stream.isLastCandidateJudged() ? 0 : 1;
        }
        try (ServiceRun evaluator = ServiceRun.start("evaluator", stream, directory, EVALUATOR).started()) {
            Awaitility.await().atMost(Scale.LIMIT).pollInterval(Duration.ofSeconds(1))
                    .until(() -> stream.isLastCandidateJudged() && evaluator.isReady() && evaluator.meter("promptgate_evaluator_lag") == 0);
            assertEquals(0, evaluator.terminate(Duration.ofSeconds(40)), evaluator.log());
        }
        return inMidWork;
    }
}
