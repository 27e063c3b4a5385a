package dev.promptgate.load.service;

import dev.promptgate.cli.Promptgate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One service in a process of its own, as an operator starts it: only so are its memory and its processor time its own. Closed by whoever
 * starts it; should this process end without, the service is ended with it.
 */
public final class StartedService implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("Started; (?:.*, )?metrics and health at (http://\\S+)");
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(45);
    private static final int TAIL = 5;

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread guard;
    private URI address;

    private StartedService(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        guard = new Thread(process::destroyForcibly, "ends-" + name);
        Runtime.getRuntime().addShutdownHook(guard);
    }

    /** The promptgate command as this process runs it, words. */
    public static List<String> promptgate(String heap) {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap, "-XX:+UseG1GC",
                "-Dai.djl.offline=true", "-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"),
                Promptgate.class.getName());
    }

    /** Starts it, and does not wait; its log goes to the directory. */
    public static StartedService start(List<String> promptgate, String name, List<String> options, Map<String, String> environment,
            Path directory) throws IOException {
        List<String> command = new ArrayList<>(promptgate);
        command.add(name);
        command.addAll(options);
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new StartedService(name, builder.start(), log);
    }

    /** Waits until it says that it has started. */
    public void awaitStart() throws IOException, InterruptedException {
        for (long end = System.nanoTime() + START_LIMIT.toNanos(); System.nanoTime() < end;) {
            Matcher line = ADDRESS.matcher(Files.readString(log));
            if (line.find()) {
                address = URI.create(line.group(1));
                return;
            }
            check();
            Thread.sleep(100);
        }
        throw new IOException(
                "A service did not start in time [service: %s, limit: %s, last lines: %s]".formatted(name, START_LIMIT, tail()));
    }

    /** @throws IOException with its last lines, if it has ended */
    public void check() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(
                    "A service ended [service: %s, exit code: %d, last lines: %s]".formatted(name, process.exitValue(), tail()));
        }
    }

    void signal(String signal) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor() != 0) {
            throw new IOException("A service cannot be signalled [service: %s, signal: %s]".formatted(name, signal));
        }
    }

    public String name() {
        return name;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Where its metrics and health are. */
    public URI address() {
        return address;
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    /** SIGTERM, and SIGKILL if that does not end it in time. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(guard);
    }
}
