package dev.promptgate.chaos.cluster;

import dev.promptgate.embeddedkafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** A broker that is a controller, too: Kafka's own process, from the distribution's jars, with its data in a folder. */
public final class Broker implements AutoCloseable {
    private static final Path JARS = Path.of("../../services/cli/target/promptgate/lib").toAbsolutePath().normalize();

    private static final int SLOW_WRITES_PER_SECOND = 100;

    private final int id;
    private final Host host;
    private final Path directory;
    private final int port;
    private final int controllerPort;
    private Optional<Disk> disk = Optional.empty();
    private Optional<String> whyNeverSlow = Optional.empty();
    private Process process;

    /** Data, configuration and log go into the directory. */
    Broker(int id, Host host, Path directory) throws IOException {
        this.id = id;
        this.host = host;
        this.directory = Files.createDirectories(directory);
        Files.createDirectories(data());
        port = host.isOfItsOwn() ? 9092 : EmbeddedKafka.freePort();
        controllerPort = host.isOfItsOwn() ? 9093 : EmbeddedKafka.freePort();
    }

    private Path data() {
        return directory.resolve("data");
    }

    /** Gives it a disk of its own, if the machine allows that one that can be slow; throws IOException where it allows none. */
    void mount() throws IOException {
        try {
            disk = Optional.of(Disk.device(host, data(), directory.resolve("disk.img"), SLOW_WRITES_PER_SECOND));
        } catch (IOException e) {
            disk = Optional.of(Disk.inMemory(host, data()));
            whyNeverSlow = Optional.of(e.getMessage());
        }
    }

    /** Why its disk cannot be made slow; empty where it can, and where it has none. */
    Optional<String> whyNeverSlow() {
        return whyNeverSlow;
    }

    /** Makes its data's folder and its configuration, once. */
    void format(String clusterId, String voters, Map<String, String> common) throws Exception {
        EmbeddedKafka.format(host.seenFromOutside(data()), id, clusterId);
        Properties properties = new Properties();
        properties.putAll(common);
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(id));
        properties.put("controller.quorum.voters", voters);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listeners", "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(host.address(), port, host.address(), controllerPort));
        properties.put("advertised.listeners", "PLAINTEXT://" + address());
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("log.dirs", data().toString());
        try (var out = Files.newBufferedWriter(configuration())) {
            properties.store(out, null);
        }
    }

    private Path configuration() {
        return directory.resolve("server.properties");
    }

    /** Starts it on the data that it has; does not wait. */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dpromptgate.log.kafka-level=WARN", "-cp", JARS + "/*", "kafka.Kafka",
                configuration().toString()));
        process = new ProcessBuilder(host.command(disk.map(d -> d.command(command)).orElse(command))).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("broker.log").toFile())).start();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** STOP, CONT; nothing happens to one that has ended. */
    public void signal(String name) throws IOException {
        if (process.isAlive()) {
            Tools.run(List.of("kill", "-" + name, Long.toString(process.pid())));
        }
    }

    /** Leaves no room on its disk. */
    public void fillDisk() throws IOException {
        disk.orElseThrow().fill();
    }

    public void clearDisk() throws IOException {
        disk.orElseThrow().clear();
    }

    public void slowDisk() throws IOException {
        disk.orElseThrow().slow();
    }

    public void unslowDisk() throws IOException {
        disk.orElseThrow().unslow();
    }

    public int id() {
        return id;
    }

    public Host host() {
        return host;
    }

    String address() {
        return host.address() + ":" + port;
    }

    String voter() {
        return "%d@%s:%d".formatted(id, host.address(), controllerPort);
    }

    /** What it has said since the beginning, over all its restarts. */
    public String log() throws IOException {
        return Files.readString(directory.resolve("broker.log"));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        disk.ifPresent(Disk::close);
    }
}
