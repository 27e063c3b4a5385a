package dev.promptgate.consoletest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code promptgate demo} from the distribution, left running at its end. Whoever starts it closes it. */
final class DemoRun implements AutoCloseable {
    private static final Path COMMAND = Path.of("../../services/cli/target/promptgate/bin/promptgate");
    private static final Pattern ADDRESS = Pattern.compile("(http://\\S+/)#token=(\\S+)");

    private static final Pattern KAFKA = Pattern.compile("Kafka at ([^\\s,]+)");

    private final Process process;
    private final Path log;

    private DemoRun(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it and waits until it has printed its console's address: that is before the first image is pushed. */
    static DemoRun start(Path directory) throws IOException {
        Path log = directory.resolve("demo.log");
        ProcessBuilder builder = new ProcessBuilder(COMMAND.toString(), "demo", "--keep-running", "--set",
                "model.cache-directory=" + directory.resolve("cache"))
                .redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        DemoRun run = new DemoRun(builder.start(), log);
        run.await(Duration.ofMinutes(2), "#token=");
        return run;
    }

    URI address() {
        return URI.create(found(ADDRESS).group(1));
    }

    /** What the console's commands need. */
    String token() {
        return found(ADDRESS).group(2);
    }

    String bootstrapServers() {
        return found(KAFKA).group(1);
    }

    private Matcher found(Pattern pattern) {
        Matcher matcher = pattern.matcher(log());
        if (!matcher.find()) {
            throw new AssertionError(log());
        }
        return matcher;
    }

    /** Waits until the whole stream has been played. */
    void awaitPlayed() {
        await(Duration.ofMinutes(8), "Still running");
    }

    private void await(Duration limit, String words) {
        Awaitility.await().atMost(limit).until(() -> !process.isAlive() || log().contains(words));
        if (!process.isAlive()) {
            throw new AssertionError("The demo ended: " + log());
        }
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
