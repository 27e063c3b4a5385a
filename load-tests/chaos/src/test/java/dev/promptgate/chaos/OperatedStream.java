package dev.promptgate.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.Output;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.LabelledImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/**
 * A stream on which classes are renamed, merged and erased while encoder, learner and evaluator run. With a seed for kills these are killed
 * meanwhile, and each command is killed first while it writes, and then run again.
 */
final class OperatedStream implements AutoCloseable {
    /** Alone in its batch, an image has the same feature bit for bit whatever else was in hand. */
    private static final Map<String, String> ENCODER = Map.of("encoder.batch-size", "1", "encoder.decode-threads", "1");
    private static final Map<String, String> LEARNER = Map.of("learner.steps", "50", "learner.batch", "64", "learner.learning-rate",
            "0.01", "learner.min-shots", Integer.toString(OperationsPlan.MIN_SHOTS), "learner.settle-shots",
            Integer.toString(OperationsPlan.SETTLE_SHOTS), "learner.settle-time", "1h", "learner.refresh-every", "100000",
            "learner.late-updates", "each");
    private static final Map<String, String> EVALUATOR = Map.of("evaluator.idle-time", "300ms", "evaluator.min-images", "20",
            "evaluator.min-images-per-class", "2", "evaluator.max-seen-drop", "0.9");
    /** A record a request, so that there is a while in which a command has written some of its records. */
    private static final Map<String, String> SLOWLY = Map.of("kafka.property.batch.size", "0");

    final Stream stream;
    private final Path directory;
    private final Optional<Random> kills;
    private ServiceRun encoder;
    private ServiceRun learner;
    private ServiceRun evaluator;
    private int killed;
    private int inMidWriting;

    OperatedStream(Stream stream, Path directory, Optional<Random> kills) {
        this.stream = stream;
        this.directory = directory;
        this.kills = kills;
    }

    void operate() throws Exception {
        startEncoder();
        startLearner();
        startEvaluator();
        encode(OperationsPlan.before(), true);
        learn(1, true);
        relabel(List.of(OperationsPlan.RENAMED), this::startLearner, "classes", "rename", OperationsPlan.RENAMED, "renamed", "--yes");
        relabel(OperationsPlan.MERGED, this::startEvaluator, "classes", "merge", OperationsPlan.MERGED.get(0), OperationsPlan.MERGED.get(1),
                "--to=merged", "--yes");
        erase(OperationsPlan.ERASED);
        encode(OperationsPlan.after(), Scale.FULL);
        learn(2, Scale.FULL);
    }

    /** In the place of the one that runs, which is killed; so the others. */
    private ServiceRun startEncoder() throws InterruptedException {
        Map<String, String> settings = new HashMap<>(ENCODER);
        settings.put("encoder.transactional-id", stream.topics().prefix() + "encoder");
        encoder = inPlaceOf(encoder, "encoder", settings);
        return encoder;
    }

    private ServiceRun startLearner() throws InterruptedException {
        learner = inPlaceOf(learner, "learner", LEARNER);
        return learner;
    }

    private ServiceRun startEvaluator() throws InterruptedException {
        evaluator = inPlaceOf(evaluator, "evaluator", EVALUATOR);
        return evaluator;
    }

    private ServiceRun inPlaceOf(ServiceRun before, String service, Map<String, String> settings) throws InterruptedException {
        if (before != null) {
            before.kill();
            killed++;
        }
        return ServiceRun.start(service, stream, directory, settings);
    }

    private void encode(List<LabelledImage> images, boolean isDisturbed) throws Exception {
        long before = stream.size(stream.topics().imageFeatures());
        stream.push(images.stream().map(image -> image.encode(stream.topics().labelledImages())).toList());
        if (kills.isPresent() && isDisturbed) {
            int first = 1 + kills.get().nextInt(images.size() / 4);
            catchWhen(() -> stream.size(stream.topics().imageFeatures()) >= before + first);
            startEncoder();
        }
        await(() -> Ledger.of(stream).missing() == 0);
    }

    /** Waits until there are so many candidates, and the last one is judged. */
    private void learn(int candidates, boolean isDisturbed) throws Exception {
        learner.started();
        if (kills.isPresent() && isDisturbed) {
            catchWhen(() -> learner.meter("promptgate_learner_step_time_seconds_count") > 0 || stream.candidates().size() >= candidates);
            Thread.sleep(kills.get().nextInt(200));
            startLearner().started();
        }
        evaluator.started();
        await(() -> stream.candidates().size() >= candidates && stream.isLastCandidateJudged() && isAtEnd());
        assertEquals(candidates, stream.candidates().size());
    }

    private boolean isAtEnd() throws IOException, InterruptedException {
        return learner.isReady() && evaluator.isReady() && learner.meter("promptgate_learner_lag") == 0
                && evaluator.meter("promptgate_evaluator_lag") == 0;
    }

    /** @param restart of a service, while the command's transaction is open */
    private void relabel(List<String> classes, Callable<ServiceRun> restart, String... command) throws Exception {
        if (kills.isPresent()) {
            long whole = imagesOf(classes);
            String topic = stream.topics().imageFeatures();
            String said = killWhileItWrites(topic, 1 + kills.get().nextInt((int) whole / 2), command).log();
            boolean isOpen = uncommitted().size(topic) > stream.size(topic);
            inMidWriting += isOpen ? 1 : 0;
            assertEquals(isOpen ? whole : 0, imagesOf(classes), "all or none of its records count: " + said);
            restart.call();
            if (!isOpen) {
                return; // it was through
            }
        }
        run(command);
    }

    private long imagesOf(List<String> classes) {
        return Ledger.of(stream).ids().values().stream().filter(feature -> classes.contains(feature.label())).count();
    }

    private void erase(String label) throws Exception {
        String[] command = {"erase", "--label", label, "--yes", "--wait", "120"};
        if (kills.isPresent()) {
            killWhileItWrites(stream.topics().labelledImages(), 1 + kills.get().nextInt((int) imagesOf(List.of(label)) / 2), command);
            startEncoder();
            boolean isLeft = imagesOf(List.of(label)) > 0;
            inMidWriting += isLeft ? 1 : 0;
            if (!isLeft) {
                return;
            }
        }
        run(command);
    }

    /** Runs a command in a process of its own, and kills it once it has written so many records, committed or not. */
    private ServiceRun killWhileItWrites(String topic, int records, String... command) throws Exception {
        try (TopicLog log = new TopicLog(uncommitted().clients());
                ServiceRun process = ServiceRun.command(stream, directory, SLOWLY, command)) {
            for (long before = end(log, topic); process.isAlive() && end(log, topic) < before + records;) {
                Thread.sleep(1);
            }
            process.kill();
            killed++;
            return process;
        }
    }

    private static long end(TopicLog log, String topic) {
        return log.ends(topic).values().stream().mapToLong(Long::longValue).sum();
    }

    /** The same stream as those see it who read what is not committed, too. */
    private Stream uncommitted() {
        Map<String, String> properties = new HashMap<>(stream.clients().properties());
        properties.put("isolation.level", "read_uncommitted");
        return new Stream(new KafkaClients(stream.clients().bootstrapServers(), properties, stream.clients().maxRequestBytes()),
                stream.topics());
    }

    private Output run(String... command) {
        List<String> args = new ArrayList<>(Arrays.asList(command));
        args.addAll(List.of("--bootstrap-servers", stream.clients().bootstrapServers(), "--topic-prefix", stream.topics().prefix()));
        Output output = Output.of(args.toArray(String[]::new));
        assertEquals(0, output.exitCode(), String.join(" ", command) + ": " + output.err() + output.out());
        return output;
    }

    /** Something that passes soon. */
    private static void catchWhen(Callable<Boolean> condition) {
        Awaitility.await().atMost(Scale.LIMIT).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private void await(Callable<Boolean> condition) throws Exception {
        ServiceRun.await(stream, condition, encoder, learner, evaluator);
    }

    /** All that must not depend on kills, by what it is; candidates excepted. */
    Map<String, Object> outcome() throws IOException, InterruptedException {
        Map<String, Object> outcome = new TreeMap<>();
        Map<String, String> images = new TreeMap<>();
        Ledger.of(stream).ids().forEach((id, feature) -> images.put(id,
                "%s %s %08x".formatted(feature.label(), feature.split(), Arrays.hashCode(feature.feature()))));
        outcome.put("label, split and vector of each image", images);
        outcome.put("classes", run("classes", "list", "--json").out());
        outcome.put("decisions", Outcomes.decisions(stream));
        outcome.put("live versions", stream.liveVersions());
        for (String gauge : List.of("promptgate_learner_memory_shots", "promptgate_learner_memory_classes")) {
            outcome.put(gauge, learner.meter(gauge));
        }
        for (String gauge : List.of("promptgate_evaluator_held_out", "promptgate_evaluator_probe")) {
            outcome.put(gauge, evaluator.meter(gauge));
        }
        outcome.put("trace", new ObjectMapper().readTree(run("trace", OperationsPlan.erasedId(), "--json").out()).path("state").asText());
        return outcome;
    }

    /** How many processes were killed. */
    int killed() {
        return killed;
    }

    /** How many commands had written some of their records by then, and not all. */
    int killedInMidWriting() {
        return inMidWriting;
    }

    @Override
    public void close() {
        for (ServiceRun service : Arrays.asList(encoder, learner, evaluator)) {
            if (service != null) {
                service.close();
            }
        }
    }
}
