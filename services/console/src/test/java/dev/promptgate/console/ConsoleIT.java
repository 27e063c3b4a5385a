package dev.promptgate.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.console.ConsoleRun.Console;
import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.state.Section;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console beside the real encoder, learner and evaluator on a real broker. */
@BrokerTest
@BundledModelTest
class ConsoleIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final byte[] KEY = "default".getBytes(StandardCharsets.UTF_8);
    private static final List<SampleStream.Entry> IMAGES = images();
    private static final String KEPT = "https://images.example.org/cats/1.jpg";
    private static final byte[] WIDE = png(1200, 500);

    private final ConsoleRun run;
    private final ClipModel model;
    private ServiceHost services;
    private Console console;

    ConsoleIT(TestBroker broker, ClipModel model) throws Exception {
        this.model = model;
        run = new ConsoleRun(broker);
    }

    /** Of 20 classes 16 images each to train on and 8 held out. */
    private static List<SampleStream.Entry> images() {
        List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().sorted().limit(20).toList();
        return classes.stream().flatMap(name -> Stream.of("train", "held-out").flatMap(split -> SampleStream.entries().stream()
                .filter(entry -> entry.label().equals(name) && entry.split().equals(split)).limit(split.equals("train") ? 16 : 8)))
                .toList();
    }

    private static byte[] png(int width, int height) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @BeforeAll
    void start() throws Exception {
        services = run.services(model);
        console = run.console(Map.of());
        try (EventStream page = new EventStream(run.http, console.address()); KafkaProducer<byte[], byte[]> producer = run.producer()) {
            for (SampleStream.Entry entry : IMAGES) {
                producer.send(new LabelledImage(entry.file(), entry.label(), WireName.parse(Split.class, entry.split()).orElseThrow(),
                        SampleStream.bytes(entry), 0).encode(run.topics.labelledImages()));
            }
            producer.send(new LabelledImage("words", "cat", null, "no image".getBytes(StandardCharsets.UTF_8), 0)
                    .encode(run.topics.labelledImages()));
            producer.send(new LabelledImage("wide", "l".repeat(300), null, WIDE, 0).encode(run.topics.labelledImages()));
            ImageReference elsewhere = new ImageReference(URI.create(KEPT + "?s3cr3t"), OptionalLong.empty(), Optional.empty());
            producer.send(new LabelledImage("elsewhere", "cat", null, elsewhere, 0).encode(run.topics.labelledImages()));
            producer.flush();
            await().atMost(LIMIT).until(
                    () -> page.section("classes").path("images").asInt() == 160 && page.section("learning").path("classes").asInt() == 20);
            producer.send(new ProducerRecord<>(run.topics.promptCandidates(), KEY, PromptCodec.encode(ruined())));
            producer.flush();
            await().atMost(LIMIT).until(() -> page.section("verdicts").path(0).path("candidate_version").asLong() == 1000);
        }
    }

    /** A context that drowns the class names. */
    private Prompt ruined() {
        Context like = model.textEncoder().contextFrom(ConsoleRun.WORDS);
        float[] values = new float[like.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7 - 3;
        }
        List<String> classes = IMAGES.stream().map(SampleStream.Entry::label).distinct().sorted().toList();
        return new Prompt(like.withValues(values),
                new PromptMetadata("default", 1000, 999, model.fingerprint(), 1,
                        new PromptMetadata.Origin(classes, ConsoleRun.WORDS, Map.of(), Map.of(0, 480L), Map.of()), Map.of()));
    }

    @AfterAll
    void stop() {
        console.close();
        services.close();
    }

    @Test
    void aPageGetsEverySectionAtOnceAndTheFlowAgainAndAgain() throws Exception {
        try (EventStream page = new EventStream(run.http, console.address())) {
            await().atMost(LIMIT).until(() -> page.sections() == Section.values().length);
            assertEquals("text/event-stream", page.response.headers().firstValue("content-type").orElse(""));
            long first = page.section("flow").path("at").asLong();
            await().atMost(LIMIT).until(() -> page.section("flow").path("at").asLong() > first);
            JsonNode flow = page.section("flow");
            assertEquals(483, flow.path("topics").path(0).path("records").asInt(), flow.toString());
            assertEquals(3, flow.path("topics").path(2).path("records").asInt(), "rejected-images");
            assertEquals(0, flow.path("services").path(0).path("lag").asInt(-1), flow.toString());
            assertTrue(flow.path("services").path(1).path("lag").isNumber() && flow.path("services").path(2).path("lag").isNumber(),
                    flow.toString());
        }
        JsonNode state = run.json(console, "/api/state");
        assertEquals(Section.values().length, state.size());
        assertEquals(0, state.path("labels").path("same_prompt_total").asInt(-1), state.path("labels").toString());
    }

    @Test
    void theLastUpdateHasItsTrace() throws Exception {
        JsonNode learning = run.json(console, "/api/state").path("learning");
        assertEquals(1000, learning.path("version").asInt(), "the last candidate is the ruined one, which tells nothing");
        assertTrue(learning.path("trace").isNull());
        try (TopicLog log = new TopicLog(run.clients)) {
            ConsumerRecord<byte[], byte[]> learned = log.read(run.topics.promptCandidates()).get(0);
            JsonNode trace = new ObjectMapper().readTree(PromptCodec.decode(learned.value()).metadata().training().get("trace"));
            assertEquals("[1,2,3,4,5,6]", trace.path("step").toString());
        }
    }

    @Test
    void accuraciesAndClassesAreThoseOfTheReports() throws Exception {
        JsonNode state = run.json(console, "/api/state");
        JsonNode points = state.path("accuracy").path("points");
        assertTrue(points.findValuesAsText("kind").containsAll(List.of("measurement", "verdict")), points.toString());
        JsonNode classes = state.path("classes");
        int right = 0;
        double before = 0;
        for (JsonNode row : classes.path("per_class")) {
            double accuracy = row.path("right").asDouble() / row.path("total").asDouble();
            assertTrue(accuracy >= before, "the worst first");
            before = accuracy;
            right += row.path("right").asInt();
        }
        assertEquals(points.path(points.size() - 1).path("live").path("joint").asDouble(), right / 160.0, 1e-9);
        int pairs = 0;
        for (JsonNode cell : classes.path("confusion")) {
            pairs += cell.path(2).asInt();
        }
        assertEquals(160, pairs);
    }

    @Test
    void imagesThatChangedTheirAnswerAreShownSmall() throws Exception {
        JsonNode verdict = null;
        for (JsonNode row : run.json(console, "/api/state").path("verdicts")) {
            verdict = row.path("candidate_version").asInt() == 1000 ? row : verdict;
        }
        assertEquals("fail", verdict.path("outcome").asText());
        JsonNode changed = run.json(console, "/api/verdicts/" + verdict.path("id").asText() + "/changed");
        assertEquals(verdict.path("lost").asInt(), changed.path("lost_total").asInt());
        assertTrue(changed.path("lost").size() > 10, changed.toString());
        Map<String, SampleStream.Entry> byId = new HashMap<>();
        IMAGES.forEach(entry -> byId.put(entry.file(), entry));
        for (JsonNode image : List.of(changed.path("lost").path(0), changed.path("lost").path(9))) {
            HttpResponse<byte[]> thumbnail = run.bytes(console, image.path("image").asText());
            assertEquals("image/jpeg", thumbnail.headers().firstValue("content-type").orElse(""));
            BufferedImage shown = ImageIO.read(new ByteArrayInputStream(thumbnail.body()));
            BufferedImage pushed = ImageIO.read(new ByteArrayInputStream(SampleStream.bytes(byId.get(image.path("id").asText()))));
            assertEquals(pushed.getWidth(), shown.getWidth());
            assertTrue(difference(pushed, shown) < 6, "the image itself, but for the compression: " + difference(pushed, shown));
            assertFalse(Arrays.equals(thumbnail.body(), SampleStream.bytes(byId.get(image.path("id").asText()))),
                    "never the original bytes");
        }
        run.bytes(console, changed.path("lost").path(0).path("image").asText());
        assertTrue(console.host().registry().get(ConsoleMeters.THUMBNAILS.name()).tag("outcome", "cached").counter().count() >= 1);
    }

    private static double difference(BufferedImage a, BufferedImage b) {
        long sum = 0;
        for (int y = 0; y < a.getHeight(); y++) {
            for (int x = 0; x < a.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    sum += Math.abs((a.getRGB(x, y) >> shift & 0xFF) - (b.getRGB(x, y) >> shift & 0xFF));
                }
            }
        }
        return sum / 3.0 / a.getWidth() / a.getHeight();
    }

    @Test
    void labelsThatLookWrongAreListedWithTheImage() throws Exception {
        JsonNode suspects = run.json(console, "/api/state").path("labels").path("suspects");
        assertTrue(suspects.path("total").asInt() > 0, "the prompt gets some of the images wrong: " + suspects);
        Map<String, String> labels = new HashMap<>();
        IMAGES.forEach(entry -> labels.put(entry.file(), entry.label()));
        for (JsonNode suspect : suspects.path("images")) {
            assertEquals(labels.get(suspect.path("id").asText()), suspect.path("label").asText());
            assertTrue(labels.containsValue(suspect.path("suggested").asText())
                    && suspect.path("self_confidence").asDouble() < suspect.path("probability").asDouble(), suspect.toString());
        }
        assertEquals(200, run.bytes(console, suspects.path("images").path(0).path("image").asText()).statusCode());
    }

    @Test
    void rejectedImagesAreListedWithTheirReasonAndShownIfTheyAreImages() throws Exception {
        JsonNode rejections = run.json(console, "/api/state").path("rejections");
        assertEquals("{\"label-too-long\":1,\"not-an-image\":1,\"reference-refused\":1}", rejections.path("by_code").toString());
        for (JsonNode rejection : rejections.path("recent")) {
            HttpResponse<byte[]> thumbnail = run.bytes(console, rejection.path("image").asText());
            if (rejection.path("id").asText().equals("wide")) {
                BufferedImage shown = ImageIO.read(new ByteArrayInputStream(thumbnail.body()));
                assertEquals(List.of(192, 80), List.of(shown.getWidth(), shown.getHeight()));
            } else {
                assertEquals(404, thumbnail.statusCode());
                assertEquals("cat", rejection.path("label").asText());
                assertFalse((rejection + new String(thumbnail.body(), StandardCharsets.UTF_8)).contains("s3cr3t"));
            }
        }
    }

    @Test
    void ofAnImageThatIsKeptElsewhereThePlaceIsSaid() throws Exception {
        JsonNode rejected = StreamSupport.stream(run.json(console, "/api/state").path("rejections").path("recent").spliterator(), false)
                .filter(row -> row.path("id").asText().equals("elsewhere")).findFirst().orElseThrow();
        JsonNode source = rejected.path("source");
        for (String path : List.of(rejected.path("image").asText(),
                "/api/images/%d/%d".formatted(source.path("partition").asInt(), source.path("offset").asLong()))) {
            HttpResponse<String> problem = run.get(console, path);
            assertEquals(404, problem.statusCode());
            assertEquals("The image is kept elsewhere: " + KEPT, new ObjectMapper().readTree(problem.body()).path("detail").asText());
        }
        assertTrue(console.host().registry().get(ConsoleMeters.THUMBNAILS.name()).tag("outcome", "elsewhere").counter().count() >= 2);
    }

    @Test
    void commandsNeedTheTokenAndReachTheGate() throws Exception {
        for (String wrong : new String[] {null, "", "open-sesam", "open-sesame2"}) {
            HttpResponse<String> refused = run.command(console, "{\"action\":\"pause\"}", wrong);
            assertEquals(401, refused.statusCode());
            assertEquals("application/problem+json", refused.headers().firstValue("content-type").orElse(""));
            assertFalse(refused.body().contains(ConsoleRun.TOKEN));
        }
        try (EventStream page = new EventStream(run.http, console.address())) {
            HttpResponse<String> sent = run.command(console, "{\"action\":\"pause\",\"reason\":\"sale weekend\"}", ConsoleRun.TOKEN);
            assertEquals(202, sent.statusCode(), sent.body());
            String id = new ObjectMapper().readTree(sent.body()).path("id").asText();
            await().atMost(LIMIT).until(() -> page.section("commands").path(0).path("accepted").isBoolean());
            JsonNode row = page.section("commands").path(0);
            assertEquals(List.of(id, "pause", "console", "sale weekend", "true"),
                    List.of(row.path("id").asText(), row.path("action").asText(), row.path("by").asText(), row.path("reason").asText(),
                            row.path("accepted").asText()));
            await().atMost(LIMIT).until(() -> page.section("gate").path("paused").asBoolean());
            run.command(console, "{\"action\":\"rollback\",\"to\":77}", ConsoleRun.TOKEN);
            await().atMost(LIMIT).until(() -> page.section("commands").path(0).path("action").asText().equals("rollback")
                    && page.section("commands").path(0).path("accepted").isBoolean());
            assertFalse(page.section("commands").path(0).path("accepted").asBoolean(), "version 77 never was live");
            run.command(console, "{\"action\":\"resume\"}", ConsoleRun.TOKEN);
            await().atMost(LIMIT).until(() -> !page.section("gate").path("paused").asBoolean());
        }
        List<GateCommand> written = new ArrayList<>();
        try (TopicLog log = new TopicLog(run.clients)) {
            for (ConsumerRecord<byte[], byte[]> record : log.read(run.topics.gateCommands())) {
                written.add(GateCommand.decode(record.value()));
            }
        }
        assertEquals(List.of(GateCommand.Action.PAUSE, GateCommand.Action.ROLLBACK, GateCommand.Action.RESUME),
                written.stream().map(GateCommand::action).toList(), "and none of those refused");
        assertEquals(OptionalLong.of(77), written.get(1).to());
        assertTrue(written.get(1).expiresAt() > 0 && written.get(0).expiresAt() == 0);
    }

    @Test
    void withoutATokenOnTheServerThereAreNoCommands() throws Exception {
        try (Console closed = run.console(Map.of("api.token", ""))) {
            assertEquals(403, run.command(closed, "{\"action\":\"pause\"}", "anything").statusCode());
            assertFalse(run.json(closed, "/api/state").path("gate").path("commands").asBoolean(true));
        }
    }

    @Test
    void aConsoleThatStartsLaterShowsTheSame() throws Exception {
        try (Console second = run.console(Map.of())) {
            await().atMost(LIMIT).until(() -> run.json(second, "/api/state").path("verdicts").size() > 0);
            for (String section : List.of("verdicts", "classes", "learning", "rejections", "accuracy")) {
                assertEquals(run.json(console, "/api/state").path(section), run.json(second, "/api/state").path(section), section);
            }
        }
    }

    @Test
    void withPublicKeysWhatIsNotSignedIsNotShown(@TempDir Path keys) throws Exception {
        SigningKeys other = SigningKeys.generate(keys, "other");
        try (Console strict = run.console(Map.of("trust.candidate-public-keys", other.publicKey().toString()))) {
            await().atMost(LIMIT).until(() -> run.json(strict, "/api/state").path("verdicts").size() > 0);
            assertTrue(run.json(strict, "/api/state").path("learning").isNull());
            assertTrue(
                    strict.host().registry().get(ConsoleMeters.UNUSABLE.name()).tag("source", "prompt-candidates").counter().count() >= 2);
        }
    }
}
