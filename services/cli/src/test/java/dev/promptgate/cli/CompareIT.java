package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.SampleStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code promptgate compare} on real files with the bundled model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompareIT {
    private static final int CLASSES = 12;

    private Path directory;
    private Path data;

    /** Class folders below train/ and test/, of a few classes of the sample stream. */
    @BeforeAll
    void images(@TempDir Path temporary) throws IOException {
        directory = temporary;
        data = directory.resolve("photos");
        List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(CLASSES).toList();
        for (SampleStream.Entry entry : SampleStream.entries()) {
            if (classes.contains(entry.label())) {
                Path folder = Files
                        .createDirectories(data.resolve(entry.split().equals("train") ? "train" : "test").resolve(entry.label()));
                Files.write(folder.resolve(Path.of(entry.file()).getFileName().toString()), SampleStream.bytes(entry));
            }
        }
        byte[] cut = Arrays.copyOf(SampleStream.bytes(SampleStream.entries().get(0)), 400);
        Files.write(data.resolve("train").resolve(classes.get(0)).resolve("cut.jpg"), cut);
    }

    private Output compare(String... arguments) {
        return compareWith("cache", arguments);
    }

    private Output compareWith(String cache, String... arguments) {
        List<String> all = new ArrayList<>(List.of("compare", "--set", "model.cache-directory=" + directory.resolve(cache)));
        all.addAll(Arrays.asList(arguments));
        return Output.of(all.toArray(String[]::new));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static Map<String, FileTime> times(Path folder) throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void aComparisonIsReportedAndGoesOnWhereItWas() throws IOException {
        Path output = directory.resolve("base-to-new");
        String[] arguments = {"--data", data.toString(), "--methods", "zero-shot,coop,gcscoop", "--seeds", "1,2", "--epochs", "2",
                "--batch", "32", "--output", output.toString(), "--summary",
                directory.resolve("summary.json").toString()};
        Output first = compareWith("cache-of-its-own", arguments);
        assertEquals(0, first.exitCode(), first.err());
        assertTrue(first.err().contains("photos: 384 views encoded, 0 from the cache, 1 images skipped"), first.err());
        assertTrue(first.err().lines().anyMatch(line -> line.startsWith("promptgate: skipped, ") && line.contains("cut.jpg")), first.err());
        JsonNode summary = json(directory.resolve("summary.json"));
        assertEquals("base-to-new", summary.get("protocol").asText());
        assertEquals(List.of("zero-shot", "coop", "gcscoop"),
                new ArrayList<>(new ObjectMapper().convertValue(summary.get("methods"), Map.class).keySet()));
        for (JsonNode method : summary.get("methods")) {
            double base = method.get("base").asDouble();
            double fresh = method.get("new").asDouble();
            assertTrue(base > 1.0 / 6 && fresh > 1.0 / 6, "no better than chance: " + method);
            assertTrue(method.get("hm").asDouble() <= Math.max(base, fresh) && method.get("joint").asDouble() <= Math.max(base, fresh),
                    method.toString());
            assertEquals(2, method.get("seeds_finished").asInt());
        }
        assertEquals(0, summary.at("/methods/zero-shot/ci/base").asDouble()); // it learns nothing, so seeds do not matter
        assertTrue(summary.at("/methods/gcscoop/difference/hm").has("p_over_images")
                || summary.at("/methods/gcscoop/difference/base").has("p_over_images"), summary.toString());
        String report = Files.readString(output.resolve("report.md"));
        assertTrue(report.contains("Protocol **base-to-new**: trained on the first 6 of 12 classes"), report);
        for (String plot : List.of("trade-off.png", "differences-hm.png", "cosine.png", "loss.png")) {
            assertTrue(report.contains("](" + plot + ")") && Files.size(output.resolve(plot)) > 10_000, plot);
        }

        Map<String, FileTime> cells = times(output.resolve("cells"));
        assertEquals(6, cells.size());
        Output second = compareWith("cache-of-its-own", arguments);
        assertTrue(second.err().contains("0 views encoded, 384 from the cache"), second.err());
        assertEquals(cells, times(output.resolve("cells")));
        arguments[5] = "1,2,3";
        assertEquals(0, compareWith("cache-of-its-own", arguments).exitCode());
        assertEquals(9, times(output.resolve("cells")).size());
        assertTrue(times(output.resolve("cells")).entrySet().containsAll(cells.entrySet()));
    }

    @Test
    void hyperparametersAreMapped() throws IOException {
        Path output = directory.resolve("maps");
        Output mapped = compare("--data", data.toString(), "--methods", "coop,gcscoop", "--vary", "rho=0,0.1", "--vary",
                "lower-bound=0,0.9",
                "--vary", "upper-bound=0.8,1", "--seeds", "1", "--epochs", "2", "--batch", "32", "--output", output.toString());
        assertEquals(0, mapped.exitCode(), mapped.err());
        JsonNode methods = json(output.resolve("report.json")).get("methods");
        assertEquals(7, methods.size()); // CoOp, and two radii at three pairs of bounds that are in order
        assertEquals(methods.get("coop").get("hm"), methods.get("gcscoop-rho-0-lower-bound-0.9-upper-bound-1").get("hm"));
        String report = Files.readString(output.resolve("report.md"));
        String percent = "[0-9]+\\.[0-9]{2}";
        assertTrue(report.matches(("(?s).*\\*\\*GCSCoOp, ρ = 0.1\\*\\*: hm\n\n\\| β1 \\| β2 = 0.8 \\| β2 = 1 \\|\n[-| ]+\n"
                + "\\| 0 \\| N \\| N \\|\n\\| 0.9 \\| – \\| N \\|\n.*").replace("N", percent)), report);
    }

    @Test
    void lossesAreComparedOnWrongLabels() throws IOException {
        Path output = directory.resolve("robustness");
        assertEquals(0, compare("--data", data.toString(), "--methods", "coop,gda-clip", "--loss", "cross-entropy,mae", "--label-noise",
                "0,0.5", "--seeds", "1", "--epochs", "2", "--batch", "32", "--output", output.toString()).exitCode());
        JsonNode methods = json(output.resolve("report.json")).get("methods");
        assertEquals(List.of("coop", "coop-noise-0.5", "coop-mae", "coop-mae-noise-0.5", "gda-clip", "gda-clip-noise-0.5"),
                new ArrayList<>(new ObjectMapper().convertValue(methods, Map.class).keySet()));
        assertTrue(methods.at("/gda-clip-noise-0.5/base").asDouble() < methods.at("/gda-clip/base").asDouble(), methods.toString());
    }

    @Test
    void theOrderOfSeedsChangesNothing() throws IOException {
        JsonNode[] methods = new JsonNode[2];
        for (int i = 0; i < 2; i++) {
            Path output = directory.resolve("order-" + i);
            assertEquals(0, compare("--data", data.toString(), "--methods", "zero-shot,coop", "--seeds", i == 0 ? "5,6" : "6,5", "--epochs",
                    "2", "--learning-rate", "0.1", "--output", output.toString()).exitCode());
            methods[i] = json(output.resolve("report.json")).get("methods").get("coop");
        }
        for (String figure : List.of("base", "new", "hm", "joint")) {
            assertEquals(methods[0].get(figure).asDouble(), methods[1].get(figure).asDouble(), 1e-12, figure);
            assertEquals(methods[0].at("/ci/" + figure).asDouble(), methods[1].at("/ci/" + figure).asDouble(), 1e-12, figure);
        }
    }

    @Test
    void landscapesAreMeasured() throws IOException {
        Path output = directory.resolve("landscape");
        Output result = compare("--data", data.toString(), "--methods", "coop,scoop", "--seeds", "1", "--epochs", "2", "--landscape",
                "--output", output.toString());
        assertEquals(0, result.exitCode(), result.err());
        JsonNode landscape = json(output.resolve("report.json")).at("/methods/scoop/landscape");
        assertTrue(landscape.get("worst_rise").asDouble() >= landscape.get("first_order_rise").asDouble()
                && landscape.get("worst_rise").asDouble() > 0, landscape.toString());
        assertTrue(Files.readString(output.resolve("report.md")).contains("λmax"));
        assertTrue(Files.size(output.resolve("landscapes.png")) > 10_000);
    }

    @Test
    void everyProtocolHasItsFigures() throws IOException {
        Path fewShot = directory.resolve("few-shot");
        assertEquals(0, compare("--protocol", "few-shot", "--data", data.toString(), "--methods", "zero-shot,coop,linear-probe",
                "--reference", "coop", "--shots", "1,4", "--epochs", "2", "--output", fewShot.toString()).exitCode());
        assertTrue(json(fewShot.resolve("report.json")).at("/methods/coop/by_shots/4/accuracy").isNumber());
        assertTrue(Files.size(fewShot.resolve("few-shot.png")) > 10_000);

        Path incremental = directory.resolve("class-incremental");
        assertEquals(0, compare("--protocol", "class-incremental", "--waves", "3", "--data", data.toString(), "--methods",
                "coop,gcscoop,tip-adapter-f,rail", "--seeds", "1", "--epochs", "3", "--output", incremental.toString()).exitCode());
        JsonNode figures = json(incremental.resolve("report.json")).at("/methods/gcscoop");
        assertTrue(figures.get("average").isNumber() && figures.get("forgetting").isNumber() && figures.get("backward").isNumber(),
                figures.toString());
        assertTrue(Files.size(incremental.resolve("forgetting-gcscoop.png")) > 10_000);
        JsonNode rail = json(incremental.resolve("report.json")).at("/methods/rail");
        assertTrue(rail.get("last").asDouble() > 1.0 / CLASSES && rail.get("bytes").asLong() > 100_000, rail.toString());

        Path transfer = directory.resolve("cross-domain");
        Output refused = compare("--protocol", "cross-domain", "--data", data.toString(), "--methods", "coop", "--output",
                transfer.toString());
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("name it with --target"), refused.err());
        assertEquals(0, compare("--protocol", "cross-domain", "--data", data.toString(), "--target", data.toString(), "--methods", "coop",
                "--seeds", "1", "--epochs", "2", "--output", transfer.toString()).exitCode());
        JsonNode coop = json(transfer.resolve("report.json")).at("/methods/coop");
        assertEquals(coop.get("source").asDouble(), coop.get("photos").asDouble()); // the target is the source here
    }

    /** Tearing PyTorch down below a computation would crash the JVM. */
    @Test
    void aSignalEndsItAtOnce() throws Exception {
        Path log = directory.resolve("signalled.log");
        Path output = directory.resolve("signalled");
        ProcessBuilder builder = new ProcessBuilder(Path.of("target/promptgate/bin/promptgate").toAbsolutePath().toString(), "compare",
                "--data", data.toString(), "--methods", "coop",
                "--epochs", "100000", "--output", output.toString(), "--set", "model.cache-directory=" + directory.resolve("cache"))
                .redirectErrorStream(true).redirectOutput(log.toFile())
                .directory(directory.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            Awaitility.await().atMost(Duration.ofMinutes(2))
                    .until(() -> !process.isAlive() || Files.readString(log).contains("coop seed 1"));
            Thread.sleep(1_000); // by now it trains
            process.destroy();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it goes on");
            assertEquals(130, process.exitValue(), Files.readString(log));
            assertFalse(Files.exists(output.resolve("report.md")));
            try (Stream<Path> files = Files.list(directory)) {
                assertTrue(files.noneMatch(file -> file.getFileName().toString().startsWith("hs_err")), "the JVM crashed");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whatIsWrongIsOneLine() throws IOException {
        assertOneLine("--data", "nowhere", "There is no data here");
        assertOneLine("--methods", "gscoop", "the nearest are");
        assertOneLine("--protocol", "base2new", "There is no such protocol");
        assertOneLine("--seeds", "1,1", "twice");
        assertOneLine("--reference", "nobody", "--reference must be one of the compared methods");
        assertOneLine("--model", directory.resolve("no-model").toString(), "no-model");
        Path lonely = Files.createDirectories(directory.resolve("lonely/one"));
        Files.write(lonely.resolve("1.jpg"), SampleStream.bytes(SampleStream.entries().get(0)));
        assertOneLine("--data", lonely.getParent().toString(), "class");
    }

    private void assertOneLine(String option, String value, String expected) {
        Output output = compare(option, value, "--output", directory.resolve("none").toString());
        assertTrue(output.exitCode() != 0, value);
        List<String> lines = output.err().lines().filter(line -> line.startsWith("promptgate: ")).toList();
        assertEquals(1, lines.size(), output.err());
        assertTrue(lines.get(0).contains(expected), lines.get(0));
        assertTrue(!Files.exists(directory.resolve("none/report.md")), "a report of nothing");
    }
}
