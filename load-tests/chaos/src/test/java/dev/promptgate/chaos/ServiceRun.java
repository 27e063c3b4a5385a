package dev.promptgate.chaos;

import dev.promptgate.chaos.cluster.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One service, or another command, as an operator starts it, from the distribution, in a process of its own. */
public final class ServiceRun implements AutoCloseable {
    private static final Path COMMAND = Path.of("../../services/cli/target/promptgate/bin/promptgate");
    private static final Pattern ADDRESS = Pattern.compile("metrics and health at (http://\\S+)");
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private static final int MOST_LINES = 600;

    private final Process process;
    private final Path log;

    private ServiceRun(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ServiceRun start(String service, Stream stream, Path directory, Map<String, String> settings, String... javaOptions) {
        return start(Host.onLoopback(service), Map.of(), service, stream, directory, settings, javaOptions);
    }

    /** On a host, which is its address for metrics and health, too; with variables of the environment. */
    public static ServiceRun start(Host host, Map<String, String> environment, String service, Stream stream, Path directory,
            Map<String, String> settings, String... javaOptions) {
        List<String> words = host.command(List.of(COMMAND.toAbsolutePath().toString(), service, "--http-port", "0", "--set",
                "http.host=" + host.address(), "--set", "model.cache-directory=" + directory.resolve("cache")));
        return launch(words, environment, service, stream, directory, settings, javaOptions);
    }

    /** A command that ends by itself. */
    static ServiceRun command(Stream stream, Path directory, Map<String, String> settings, String... words) {
        List<String> command = new ArrayList<>(List.of(COMMAND.toAbsolutePath().toString()));
        command.addAll(List.of(words));
        return launch(command, Map.of(), words[0], stream, directory, settings);
    }

    private static ServiceRun launch(List<String> words, Map<String, String> environment, String name, Stream stream, Path directory,
            Map<String, String> settings, String... javaOptions) {
        try {
            Path log = Files.createTempFile(directory, name, ".log");
            List<String> command = new ArrayList<>(words);
            command.addAll(List.of("--bootstrap-servers", stream.clients().bootstrapServers(), "--topic-prefix",
                    stream.topics().prefix()));
            settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("PROMPTGATE_JAVA_OPTS", "-Xmx700m " + String.join(" ", javaOptions));
            builder.environment().put("OMP_NUM_THREADS", "1"); // several processes whose threads wait by spinning starve each other
            return new ServiceRun(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it says that it has started. */
    public ServiceRun started() {
        Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> !process.isAlive() || log().contains("Started;"));
        if (!process.isAlive()) {
            throw new AssertionError("The service ended: " + log());
        }
        return this;
    }

    /**
     * Waits until a condition holds; if it does not in time, says how Kafka stands, and of each service its last lines, and its threads.
     */
    public static void await(Stream stream, Callable<Boolean> condition, ServiceRun... services)
            throws IOException, InterruptedException, ExecutionException {
        try {
            Awaitility.await().atMost(Scale.LIMIT).pollInterval(Duration.ofSeconds(1)).until(condition);
        } catch (ConditionTimeoutException e) {
            System.out.println("chaos: not in time: " + Standstill.of(stream));
            for (ServiceRun service : services) {
                if (service.isAlive()) {
                    service.signal("QUIT"); // a JVM then prints its threads
                    Thread.sleep(1000);
                }
                List<String> lines = service.log().lines().toList();
                System.out.printf("chaos: not in time; %s, %s:%n%s%n", service.log.getFileName(), service.isAlive() ? "alive" : "ended",
                        String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size())));
            }
            throw e;
        }
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; the exit code, and fails if there is none in time. */
    public int terminate(Duration limit) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("The service did not end within " + limit + ": " + log());
        }
        return process.exitValue();
    }

    public void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor() != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** A meter's value in a scrape, or NaN. */
    public double meter(String line) throws IOException, InterruptedException {
        return get("/metrics").lines().filter(l -> l.startsWith(line + " "))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ')))).findFirst().orElse(Double.NaN);
    }

    public boolean isReady() throws IOException, InterruptedException {
        return get("/health/ready").contains("\"status\":\"UP\",\"checks\"");
    }

    private String get(String path) throws IOException, InterruptedException {
        Matcher address = ADDRESS.matcher(log());
        if (!address.find()) {
            throw new IOException("not started yet");
        }
        return HTTP.send(HttpRequest.newBuilder(URI.create(address.group(1) + path)).timeout(Duration.ofSeconds(10)).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
