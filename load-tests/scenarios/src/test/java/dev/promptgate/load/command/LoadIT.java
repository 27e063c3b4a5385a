package dev.promptgate.load.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.cli.Output;
import dev.promptgate.load.observe.Accounts;
import dev.promptgate.load.report.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A steady load of fifteen seconds on services in processes of their own, from the command line to the report. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadIT {
    private static final int SECONDS = 15;

    @TempDir
    private static Path directory;

    private Output output;
    private RunReport report;

    @BeforeAll
    void run() throws Exception {
        output = Output.of("load", "steady", "--rate", "30", "--duration", Integer.toString(SECONDS), "--ramp", "3", "--duplicates", "0.1",
                "--poison", "0.1", "--drain", "240", "--output",
                directory.toString());
        assertEquals(0, output.exitCode(), output.err() + output.out());
        report = RunReport.read(directory.resolve("report.json"));
    }

    @Test
    void everyImageIsAccountedFor() {
        Accounts accounts = report.accounts();
        assertTrue(accounts.isBalanced(), accounts.toString());
        assertEquals(405, accounts.pushed()); // 15 a second on average in the ramp, then 30
        assertEquals(accounts.pushed(), accounts.features() + accounts.rejections());
        assertTrue(accounts.rejections() > 10 && accounts.images() < accounts.features(), accounts.toString());
        assertEquals(accounts.rejections(), accounts.rejectionsByCode().values().stream().mapToLong(Long::longValue).sum());
        assertTrue(accounts.rejectionsByCode().size() >= 3, accounts.rejectionsByCode().toString());
    }

    @Test
    void everyStageUpToTheVerdictIsTimed() {
        assertTrue(report.timing().drained());
        for (String stage : List.of("push", "feature", "rejection", "memory", "learned", "class_candidate", "verdict")) {
            Map<String, Object> row = report.stages().get(stage);
            assertTrue(row != null && ((Number) row.get("count")).longValue() > 0, "stage " + stage + " of " + report.stages().keySet());
            assertTrue(((Number) row.get("p50_ms")).doubleValue() <= ((Number) row.get("max_ms")).doubleValue());
        }
        assertEquals(report.accounts().pushed(), ((Number) report.stages().get("push").get("count")).longValue());
        assertEquals(report.accounts().features(), ((Number) report.stages().get("feature").get("count")).longValue());
        double push = ((Number) report.stages().get("push").get("p50_ms")).doubleValue();
        assertTrue(((Number) report.stages().get("feature").get("p50_ms")).doubleValue() > push,
                "a feature cannot be readable before its image is pushed");
        assertTrue(((Number) report.prompts().get("candidates")).longValue() > 0, report.prompts().toString());
    }

    @Test
    void theServicesAreSampledThroughout() {
        for (String service : List.of("encoder", "learner", "evaluator")) {
            for (String kind : List.of("lag.", "heap.", "rss.", "cpu.")) {
                long samples = report.series(kind + service).stream().filter(value -> value != null && value >= 0).count();
                assertTrue(samples >= SECONDS / 2, kind + service + ": " + samples + " samples");
            }
        }
        assertTrue(report.series("rss.learner").stream().filter(value -> value != null).allMatch(bytes -> bytes > 5e7),
                "a JVM with PyTorch is larger");
        double features = report.series("features_per_second").stream().mapToDouble(Double::doubleValue).sum();
        assertEquals(report.accounts().features(), features, 0.5);
    }

    @Test
    void thePageAndTheLogsAreThereAndTheServicesStoppedInOrder() throws Exception {
        assertTrue(Files.readString(directory.resolve("report.html")).contains(report.accounts().toString()));
        for (String service : List.of("encoder", "learner", "evaluator")) {
            assertTrue(Files.readString(directory.resolve(service + ".log")).contains("Stopped in order"), service);
        }
        assertFalse(report.run().command().contains("127.0.0.1") || report.run().command().contains(directory.toString()),
                report.run().command());
    }
}
