package dev.promptgate.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.load.observe.Accounts;
import dev.promptgate.load.observe.Accounts.Faults;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        RunReport report = Reports.of(1, 0.1, 1);
        Path file = directory.resolve("report.json");
        report.write(file);
        RunReport read = RunReport.read(file);
        assertEquals(report.accounts(), read.accounts());
        assertEquals(report.series(), read.series());
        assertEquals(report.run().machine(), read.run().machine());
        assertEquals(report.run().command(), read.run().command());
    }

    /** The groups of the record are none in the file, whose layout users and comparisons know. */
    @Test
    void theFileIsFlat() throws IOException {
        Path file = directory.resolve("report.json");
        Reports.of(1, 0.1, 1).write(file);
        List<String> keys = new ArrayList<>();
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        json.fieldNames().forEachRemaining(keys::add);
        assertEquals(List.of("format", "scenario", "command", "started_at", "plan", "machine", "interval_seconds", "load_seconds",
                "warm_up_seconds", "drained", "drain_seconds", "accounts", "stages", "prompts", "notes", "series"), keys);
        keys.clear();
        json.path("accounts").fieldNames().forEachRemaining(keys::add);
        assertEquals(List.of("pushed", "failed", "features", "rejections", "missing", "twice", "wrongly_accepted", "wrongly_rejected",
                "unacknowledged", "images", "images_missing", "rejections_by_code", "balanced"), keys);
    }

    @Test
    void reportsOfEarlierReleasesAreRead() throws IOException {
        RunReport report = RunReport.read(Path.of("reports/steady/report.json"));
        assertTrue(report.accounts().isBalanced() && report.accounts().pushed() > 0, report.accounts().toString());
        assertEquals("steady", report.run().scenario());
    }

    @Test
    void gapsStayGaps() throws IOException {
        Path file = directory.resolve("report.json");
        Reports.report(new Accounts(1, 0, 1, 0, Faults.NONE, 1, 0, Map.of()), Map.of("lag.evaluator", Arrays.asList(1.0, null, 3.0)), 3,
                true).write(file);
        assertEquals(Arrays.asList(1.0, null, 3.0), RunReport.read(file).series("lag.evaluator"));
        assertEquals(List.of(), RunReport.read(file).series("lag.nobody"));
    }

    @Test
    void whatIsNoReportIsOneLine() throws IOException {
        Path text = Files.writeString(directory.resolve("a.json"), "no json");
        Path other = Files.writeString(directory.resolve("b.json"), "{\"format\":7}");
        for (Path file : List.of(text, other, directory.resolve("missing.json"))) {
            String message = assertThrows(IOException.class, () -> RunReport.read(file)).getMessage();
            assertEquals(1, message.lines().count(), message);
            assertTrue(message.contains(file.toString()), message);
        }
    }

    @Test
    void thePageHoldsFiguresAndPlotsAndNeedsNothingElse() throws IOException {
        Path file = directory.resolve("report.html");
        HtmlReport.write(Reports.of(1, 0.1, 1), file);
        String page = Files.readString(file);
        assertTrue(page.contains("9000 records pushed = 8900 features + 100 rejected"), page.substring(0, 2_000));
        assertTrue(page.contains("220.0 ms") && page.contains("1.50 s"));
        assertTrue(page.contains("--rate &lt;100&gt;"), "the command must be escaped");
        assertFalse(page.contains("http://") || page.contains("https://"));
        assertFalse(page.contains("class=\"bad\""));
        Matcher image = Pattern.compile("base64,([^\"]+)").matcher(page);
        int plots = 0;
        while (image.find()) {
            assertEquals(620, ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(image.group(1)))).getWidth());
            plots++;
        }
        assertEquals(5, plots); // throughput, latency, lag, memory, processor; there is no series of the heap
        assertTrue(Files.size(file) < 250_000, "bytes: " + Files.size(file));
    }

    @Test
    void accountsThatDoNotBalanceStandOut() throws IOException {
        Path file = directory.resolve("report.html");
        HtmlReport.write(Reports.report(new Accounts(10, 0, 9, 0, new Faults(1, 0, 0, 0, 0), 10, 1, Map.of()), Map.of(), 30, false), file);
        assertTrue(Files.readString(file).contains("The accounts do not balance"));
    }
}
