package dev.promptgate.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code promptgate demo} from the distribution, left running at its end. Whoever starts it closes it. */
final class DemoRun implements AutoCloseable {
    private static final Path COMMAND = Path.of("../../services/cli/target/promptgate/bin/promptgate");
    private static final Pattern ADDRESS = Pattern.compile("metrics at http://(\\S+)/metrics");
    private static final Pattern CLASSIFIER = Pattern.compile("classifier at (http://\\S+)/v1/classify");
    private static final String TOKEN = "t0ken-of-the-test";

    private final Process process;
    private final Path log;

    private DemoRun(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it and waits until its metrics can be scraped. */
    static DemoRun start(Path directory) throws IOException {
        Path log = directory.resolve("demo.log");
        ProcessBuilder builder = new ProcessBuilder(COMMAND.toString(), "demo", "--keep-running", "--set",
                "model.cache-directory=" + directory.resolve("cache"),
                "--set", "classifier.shadow=true")
                .redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PROMPTGATE_API_TOKEN", TOKEN);
        DemoRun run = new DemoRun(builder.start(), log);
        run.await(Duration.ofMinutes(2), "metrics at ");
        return run;
    }

    /** Host and port of its metrics. */
    String address() {
        return find(ADDRESS);
    }

    /** An application that asks its classifier; closed by the caller. */
    Application application() {
        return Application.start(find(CLASSIFIER), TOKEN);
    }

    private String find(Pattern pattern) {
        Matcher matcher = pattern.matcher(log());
        if (!matcher.find()) {
            throw new AssertionError(log());
        }
        return matcher.group(1);
    }

    /** Waits until the whole stream has been played. */
    void awaitPlayed() {
        await(Duration.ofMinutes(6), "Still running");
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
