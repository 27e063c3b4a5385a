package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.command.MetersCommand;
import dev.promptgate.service.metrics.MeterSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as users start it, from the distribution: left running and asked; in the long form two more after it, for the same verdicts and
 * another seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("needs-the-processor")
class DemoIT {
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final Path COMMAND = Path.of("target/promptgate/bin/promptgate");

    private Path directory;
    private Process process;
    private Path log;
    private JsonNode summary;
    /** In the long form, by name: side by side, since each leaves half of the machine unused, and no load may change a verdict. */
    private final Map<String, Process> more = new HashMap<>();

    @BeforeAll
    void run(@TempDir Path temporary) throws IOException {
        directory = temporary;
        log = directory.resolve("demo.log");
        Path file = directory.resolve("demo.json");
        process = start(log, "--summary", file.toString(), "--keep-running");
        Awaitility.await().atMost(LIMIT).until(() -> !process.isAlive() || Files.readString(log).contains("Still running"));
        assertTrue(process.isAlive(), () -> read(log));
        summary = new ObjectMapper().readTree(file.toFile());
        if (Boolean.getBoolean("test.long")) {
            more.put("again", start(directory.resolve("again.log"), "--summary", directory.resolve("again.json").toString()));
            more.put("other", start(directory.resolve("other.log"), "--seed", "2", "--summary",
                    directory.resolve("other.json").toString()));
        }
    }

    @AfterAll
    void stop() throws InterruptedException {
        more.values().forEach(Process::destroyForcibly);
        process.destroy(); // SIGTERM
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, "the demo did not stop");
        assertEquals(0, process.exitValue(), () -> read(log));
    }

    @Test
    void itsOwnLinesAreNotMixedWithTheServicesLog() throws IOException {
        assertFalse(Files.readString(log).contains(" INFO "), () -> read(log));
    }

    @Test
    void thePageItNamesShowsEveryVerdictAndTakesItsToken() throws Exception {
        Matcher page = Pattern.compile("Watch it at (http://\\S+)/#token=(\\S+)").matcher(Files.readString(log));
        assertTrue(page.find(), () -> read(log));
        assertTrue(text(HttpRequest.newBuilder(URI.create(page.group(1) + "/"))).contains("<title>"));
        JsonNode state = new ObjectMapper().readTree(text(HttpRequest.newBuilder(URI.create(page.group(1) + "/api/state"))));
        assertEquals(summary.path("verdicts").size(),
                (int) StreamSupport.stream(state.path("verdicts").spliterator(), false)
                        .map(verdict -> verdict.path("candidate_version").asLong()).distinct().count(),
                state.toString());
        byte[] image = SampleStream.bytes(SampleStream.entries().get(0));
        JsonNode answer = new ObjectMapper().readTree(text(
                HttpRequest.newBuilder(URI.create(page.group(1) + "/api/classify?top=3")).header("Authorization", "Bearer " + page.group(2))
                        .header("Content-Type", "image/jpeg").POST(HttpRequest.BodyPublishers.ofByteArray(image))));
        assertEquals(3, answer.path("labels").size(), answer.toString());
        assertEquals(3, answer.path("zero_shot").size(), answer.toString());
    }

    private static String text(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return response.body();
    }

    @Test
    void noImageIsUnaccountedFor() {
        assertEquals(12_720, summary.path("images").asInt(), "3,840 images, many of them sent again");
        assertEquals(summary.path("images").asInt(), summary.path("features").asInt() + summary.path("rejected").asInt());
    }

    @Test
    void promptsAreRolledOutAndGainOverTheHandWrittenOne() {
        assertShowsThePoint(summary);
        assertTrue(summary.path("duration_seconds").asDouble() < 300, summary.toString());
    }

    /** Gains of tens of points on classes seen and unseen, beyond what other images could tell; and neither incident does harm. */
    private static void assertShowsThePoint(JsonNode summary) {
        assertTrue(summary.path("rollouts").asInt() >= 5, summary.toString());
        Map<String, Double> gains = Map.of("seen", 0.25, "unseen", 0.25, "hm", 0.30, "joint", 0.25);
        gains.forEach((protocol, gain) -> {
            assertTrue(summary.path("live").path(protocol).asDouble() >= summary.path("zero_shot").path(protocol).asDouble() + gain,
                    protocol + ": " + summary);
            JsonNode intervals = summary.path("intervals");
            assertTrue(intervals.path("live").path(protocol).path(0).asDouble() > intervals.path("zero_shot").path(protocol).path(1)
                    .asDouble(), protocol + ": " + summary);
        });
        JsonNode incidents = summary.path("incidents");
        assertEquals(List.of("mislabelled-training fail false", "training-corrected pass false", "mislabelled-evidence pass true",
                "evidence-corrected pass false"),
                StreamSupport.stream(incidents.spliterator(), false).map(incident -> "%s %s %s".formatted(incident.path("kind").asText(),
                        incident.path("verdict").asText(), incident.path("rolled_back").asText())).toList());
    }

    @Test
    void theIncidentsAreToldAsTheyHappen() throws IOException {
        String told = Files.readString(log);
        for (String part : List.of("INCIDENT a new labelling tool", "FAIL: seen and unseen classes regress", "nothing goes out",
                "CORRECTION the training images", "INCIDENT the tool is at it again", "rollback: ", "the watch rolled back by itself",
                "incident     mislabelled-evidence: candidate")) {
            assertTrue(told.contains(part), part + "\n" + told);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "test.long", matches = "true", disabledReason = "a second demo: with -Pchaos")
    void anotherSeedShowsTheSame() throws Exception {
        assertShowsThePoint(summaryOf("other"));
    }

    private JsonNode summaryOf(String name) throws Exception {
        assertTrue(more.get(name).waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), "the run did not end: " + name);
        assertEquals(0, more.get(name).exitValue(), () -> read(directory.resolve(name + ".log")));
        return new ObjectMapper().readTree(directory.resolve(name + ".json").toFile());
    }

    @Test
    void theSummaryHasEveryKey() {
        for (String key : new String[] {"images", "features", "rejected", "candidates", "rollouts", "zero_shot", "live",
                "intervals", "incidents", "freshness_seconds", "images_per_second"}) {
            assertTrue(summary.has(key), key);
        }
        for (String key : new String[] {"pass", "fail", "inconclusive"}) {
            assertTrue(summary.path("candidates").path(key).isInt(), key);
        }
        for (String key : new String[] {"seen", "unseen", "hm", "joint"}) {
            assertTrue(summary.path("zero_shot").path(key).isNumber() && summary.path("live").path(key).isNumber(), key);
        }
        assertTrue(summary.path("freshness_seconds").path("p50").asDouble() > 0 && summary.path("freshness_seconds").has("max"));
        assertTrue(summary.path("images_per_second").asDouble() > 0);
    }

    @Test
    void everyMeterOfTheReadmeIsScrapedAndNoOther() throws Exception {
        String scrape = get("/metrics").body();
        Set<String> expected = MetersCommand.all().stream().map(MeterSpec::prometheusNames).flatMap(List::stream)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = scrape.lines().filter(line -> line.startsWith("promptgate_")).map(line -> line.split("[{ ]")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, found);
        String table = ReadmeTest.between("meters");
        MetersCommand.all().forEach(spec -> assertTrue(table.contains("`" + spec.prometheusNames().get(0) + "`"), spec.name()));
    }

    @Test
    void itIsLiveAndReady() throws Exception {
        assertEquals(200, get("/health/live").statusCode());
        assertEquals(200, get("/health/ready").statusCode(), get("/health/ready").body());
    }

    @Test
    @EnabledIfSystemProperty(named = "test.long", matches = "true", disabledReason = "a second demo: with -Pchaos")
    void theSameSeedGivesTheSameVerdicts() throws Exception {
        JsonNode again = summaryOf("again");
        assertEquals(summary.path("verdicts"), again.path("verdicts"));
        assertEquals(summary.path("live"), again.path("live"));
    }

    private Process start(Path output, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(COMMAND.toString(), "demo", "--set", "model.cache-directory=" + directory.resolve("cache")));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private HttpResponse<String> get(String path) throws Exception {
        Matcher address = Pattern.compile("metrics at (http://\\S+)/metrics").matcher(Files.readString(log));
        assertTrue(address.find());
        HttpResponse<String> response = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(address.group(1) + path)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertNotNull(response.body());
        return response;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
