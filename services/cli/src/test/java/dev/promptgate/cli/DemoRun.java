package dev.promptgate.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code promptgate demo} from the distribution, left running at its end. Whoever starts it closes it. */
public final class DemoRun implements AutoCloseable {
    private static final Path COMMAND = Path.of("../../services/cli/target/promptgate/bin/promptgate");

    private final Process process;
    private final Path log;

    private DemoRun(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it and waits until it has printed the words. */
    public static DemoRun start(Path directory, String words, Map<String, String> environment, String... options) throws IOException {
        Path log = directory.resolve("demo.log");
        List<String> command = new ArrayList<>(
                List.of(COMMAND.toString(), "demo", "--keep-running", "--set", "model.cache-directory=" + directory.resolve("cache")));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        DemoRun run = new DemoRun(builder.start(), log);
        run.await(Duration.ofMinutes(2), words);
        return run;
    }

    /** The first group of what it has printed. */
    public String find(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(log());
        if (!matcher.find()) {
            throw new AssertionError(log());
        }
        return matcher.group(1);
    }

    /** Waits until the whole stream has been played. */
    public void awaitPlayed() {
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
