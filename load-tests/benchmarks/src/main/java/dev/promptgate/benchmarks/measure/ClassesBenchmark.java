package dev.promptgate.benchmarks.measure;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.TopicsCommand;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.load.service.ResidentMemory;
import dev.promptgate.load.service.Scrape;
import dev.promptgate.load.service.StartedService;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The services that depend on the classes, a process each, with so many of them: they learn, judge and roll out a candidate, and then a
 * second one of the same classes. Blocking.
 *
 * @param options of the model, by key
 * @param directory of the services' logs
 */
public record ClassesBenchmark(CommonOptions common, Map<String, String> options, Size size, Path directory) {
    /** @param images of a class, training and held-out each */
    public record Size(int classes, int images, int steps, int classesPerStep, String heap) {}

    private static final List<String> SERVICES = List.of("learner", "evaluator", "classifier", "console");
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final int MOST_FURTHER_SHOTS = 64;

    /** @throws IOException if a service ends, or has not rolled out in time */
    public Map<String, Double> measure() throws Exception {
        Map<String, Double> figures = new LinkedHashMap<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Map<String, String> all = new HashMap<>(options);
            all.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), kafka.bootstrapServers());
            SettingsValues values = common.resolve(Map.of(), all);
            TopicNames topics = CommonOptions.topics(values);
            TopicsCommand.provision(values, true);
            List<StartedService> services = new ArrayList<>();
            try (ClipModel clip = ModelOptions.load(values);
                    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(CommonOptions.clients(values).producer()))) {
                ClassStream stream = new ClassStream(producer, topics.imageFeatures(), clip, size.classes(),
                        values.get(PromptSettings.CONTEXT_INIT));
                stream.write(Split.HELD_OUT, size.images(), size.classes());
                stream.write(Split.TRAIN, size.images(), size.classes());
                int page = EmbeddedKafka.freePort();
                for (String service : SERVICES) {
                    services.add(start(service, all, page));
                }
                for (StartedService service : services) {
                    service.awaitStart();
                }
                Map<String, Scrape> first = awaitRollout(services, 1);
                figures.put("first_evaluation_s", mean(first.get("evaluator"), "promptgate_evaluator_evaluation_time_seconds"));
                stream.write(Split.TRAIN, 1, furtherShots()); // no class is new
                Map<String, Scrape> second = awaitRollout(services, 2);
                times(first, second, figures);
                sizes(values, topics, services, URI.create("http://127.0.0.1:" + page), figures);
            } finally {
                services.forEach(StartedService::close);
            }
        }
        return figures;
    }

    private int furtherShots() {
        return Math.min(MOST_FURTHER_SHOTS, size.classes());
    }

    private StartedService start(String service, Map<String, String> all, int page) throws IOException {
        Map<String, String> settings = new HashMap<>(all);
        settings.putAll(Map.of("learner.min-shots", Integer.toString(size.images()), "learner.shots", Integer.toString(size.images() + 1),
                "learner.settle-shots", "100000000", "learner.refresh-every", Integer.toString(furtherShots()), "learner.steps",
                Integer.toString(size.steps()),
                "learner.classes-per-step", Integer.toString(size.classesPerStep())));
        settings.putAll(Map.of("evaluator.min-images", "1", "evaluator.min-images-per-class", "1", "evaluator.max-seen-drop", "0.5",
                "evaluator.max-unseen-drop", "0.5", "evaluator.watch-period", "100000000"));
        List<String> arguments = new ArrayList<>(List.of("--http-port", "0"));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        if (service.equals("console") || service.equals("classifier")) {
            arguments.addAll(List.of("--port", Integer.toString(service.equals("console") ? page : 0)));
        }
        return StartedService.start(StartedService.promptgate(size.heap()), service, arguments, Map.of(), directory);
    }

    /** Until the classifier answers with the rollout of this number; the scrapes then. */
    private static Map<String, Scrape> awaitRollout(List<StartedService> services, int number) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() < end; Thread.sleep(500)) {
            Map<String, Scrape> scrapes = new HashMap<>();
            for (StartedService service : services) {
                service.check();
                scrapes.put(service.name(), new Scrape(get(service.address().resolve("/metrics"))));
            }
            if (scrapes.get("classifier").value("promptgate_classifier_live_version") >= number) {
                return scrapes;
            }
        }
        throw new IOException("There was no rollout within %s; see the services' logs [rollout: %d]".formatted(LIMIT, number));
    }

    private static void times(Map<String, Scrape> first, Map<String, Scrape> second, Map<String, Double> figures) {
        figures.put("further_evaluation_s", between(first.get("evaluator"), second.get("evaluator"),
                "promptgate_evaluator_evaluation_time_seconds"));
        figures.put("step_ms", 1e3 * mean(second.get("learner"), "promptgate_learner_step_time_seconds"));
        figures.put("update_s", mean(second.get("learner"), "promptgate_learner_update_time_seconds"));
        figures.put("swap_ms", 1e3 * between(first.get("classifier"), second.get("classifier"),
                "promptgate_classifier_swap_time_seconds"));
    }

    private static double mean(Scrape scrape, String timer) {
        return scrape.value(timer + "_sum") / scrape.value(timer + "_count");
    }

    private static double between(Scrape before, Scrape after, String timer) {
        return (after.value(timer + "_sum") - before.value(timer + "_sum"))
                / (after.value(timer + "_count") - before.value(timer + "_count"));
    }

    private static void sizes(SettingsValues values, TopicNames topics, List<StartedService> services, URI page,
            Map<String, Double> figures) throws IOException, InterruptedException {
        for (StartedService service : services) {
            figures.put(service.name() + "_peak_mb", new ResidentMemory(service.handle()).peak() / 1e6);
            figures.put(service.name() + "_scrape_bytes", (double) get(service.address().resolve("/metrics")).length());
        }
        try (TopicLog log = new TopicLog(CommonOptions.clients(values))) {
            for (Map.Entry<String, String> topic : Map.of("candidate", topics.promptCandidates(), "report", topics.evaluationReports())
                    .entrySet()) {
                byte[][] largest = {new byte[0]};
                log.forEach(topic.getValue(),
                        record -> largest[0] = record.value().length > largest[0].length ? record.value() : largest[0]);
                figures.put(topic.getKey() + "_bytes", (double) largest[0].length);
                figures.put(topic.getKey() + "_gzip_bytes", (double) compressed(largest[0]));
            }
        }
        figures.put("console_state_bytes", (double) get(page.resolve("/api/state")).length());
        figures.put("console_page_bytes", (double) get(page).length());
    }

    private static int compressed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.size();
    }

    private static String get(URI address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
