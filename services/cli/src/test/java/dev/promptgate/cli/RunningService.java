package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.testing.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A command of the distribution in a process of its own. */
record RunningService(Process process, Path out, Path err) implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String HEAP = "500m";

    static RunningService start(Path directory, Map<String, String> environment, String... arguments) throws IOException {
        return startIn(HEAP, directory, environment, arguments);
    }

    /** With another largest heap. */
    static RunningService startIn(String heap, Path directory, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("target/promptgate/bin/promptgate"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "run", ".out");
        Path err = Files.createTempFile(directory, "run", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "OMP_NUM_THREADS", "1",
                "PROMPTGATE_KAFKA_PROPERTY_FETCH_MAX_WAIT_MS", TestBroker.CLIENT_PROPERTIES.get("fetch.max.wait.ms")));
        builder.environment().putAll(environment);
        builder.environment().merge("PROMPTGATE_JAVA_OPTS", "-Xmx" + heap + " -XX:TieredStopAtLevel=1",
                (given, ours) -> given + " " + ours);
        return new RunningService(builder.start(), out, err);
    }

    RunningService started() {
        awaitLog("Started;");
        return this;
    }

    /** Waits until the log holds the words, and fails if the process ends before. */
    void awaitLog(String words) {
        Awaitility.await().atMost(LIMIT).until(() -> !process.isAlive() || log().contains(words));
        assertTrue(log().contains(words), () -> "It ended without the words \"" + words + "\": " + log());
    }

    /** Waits for its end; what it printed, and the exit code. */
    Output ended() throws InterruptedException, IOException {
        assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), () -> "It did not end: " + log());
        return new Output(process.exitValue(), Files.readString(out), log());
    }

    Output stopped() throws InterruptedException, IOException {
        process.destroy();
        return ended();
    }

    String log() {
        try {
            return Files.readString(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
