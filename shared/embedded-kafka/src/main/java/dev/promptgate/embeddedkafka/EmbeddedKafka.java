package dev.promptgate.embeddedkafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.internals.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real single-node KRaft broker in this JVM, on loopback only: for the default run, and for tests without Docker. Whoever starts it
 * closes it. Started again on the same directory and port it has its records still. Its clients' listener can be secured with TLS and SASL.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final String HOST = "127.0.0.1";
    /** Outgoing connections take ports from 32,768 on under Linux, and from 49,152 on elsewhere. */
    private static final int LOWEST_PORT = 20_000;
    private static final int PORTS = 12_000;
    private static final int PORT_ATTEMPTS = 100;
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private final KafkaRaftServer server;
    private final Path directory;
    private final boolean temporary;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, Path directory, boolean temporary, int port) {
        this.server = server;
        this.directory = directory;
        this.temporary = temporary;
        this.port = port;
    }

    /** On any free port, with a temporary directory that is deleted at the end. */
    public static EmbeddedKafka start() {
        try {
            return start(Files.createTempDirectory("promptgate-kafka"), true, 0, ListenerSecurity.none(), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary directory for the embedded broker", e);
        }
    }

    /** With a directory that stays, and on a given port; 0 takes any free one. */
    public static EmbeddedKafka start(Path directory, int port) {
        return start(directory, port, ListenerSecurity.none(), Map.of());
    }

    /** With a secured listener for clients and more broker properties, e.g. of an authorizer. */
    public static EmbeddedKafka start(Path directory, int port, ListenerSecurity security, Map<String, String> more) {
        return start(directory, false, port, security, more);
    }

    private static EmbeddedKafka start(Path directory, boolean temporary, int wantedPort, ListenerSecurity security,
            Map<String, String> more) {
        long began = System.nanoTime();
        // The broker's answer to its own fatal errors is to end the process; it is a guest here.
        Exit.setExitProcedure((status, message) -> LOG.error("The embedded broker gave up [status: {}, message: {}]", status, message));
        Exit.setHaltProcedure((status, message) -> LOG.error("The embedded broker broke [status: {}, message: {}]", status, message));
        int port = wantedPort == 0 ? freePort() : wantedPort;
        Map<String, Object> properties = properties(directory);
        properties.putAll(security.listeners(HOST, port));
        properties.putAll(more);
        try {
            format(directory, security);
        } catch (Exception e) {
            throw new IllegalStateException("The embedded broker's directory cannot be formatted [directory: " + directory + "]", e);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        server.startup();
        LOG.info("Embedded Kafka broker is up [address: {}:{}, milliseconds: {}]", HOST, port, (System.nanoTime() - began) / 1_000_000);
        return new EmbeddedKafka(server, directory, temporary, port);
    }

    /**
     * Broker properties of a cluster of one small node, whatever it runs in: internal topics with one replica and few partitions, no wait
     * before a group's first assignment, room for large images. Addresses and directories are not among them.
     */
    public static Map<String, String> singleNode() {
        Map<String, String> p = new TreeMap<>();
        p.put("offsets.topic.replication.factor", "1");
        p.put("offsets.topic.num.partitions", "4");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("transaction.state.log.num.partitions", "4");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("auto.create.topics.enable", "false");
        p.put("message.max.bytes", Integer.toString(64 << 20));
        p.put("socket.request.max.bytes", Integer.toString(100 << 20));
        p.put("log.segment.bytes", Integer.toString(64 << 20));
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        return p;
    }

    private static Map<String, Object> properties(Path directory) {
        Map<String, Object> p = new HashMap<>(singleNode());
        p.put("process.roles", "broker,controller");
        p.put("node.id", "1");
        p.put("log.dirs", directory.toString());
        return p;
    }

    private static void format(Path directory, ListenerSecurity security) throws Exception {
        format(directory, 1, Uuid.randomUuid().toString(), security.scramArguments());
    }

    /** Makes a broker's data folder for its first start, also that of a broker in another process; nothing if it was made before. */
    public static void format(Path directory, int node, String clusterId) throws Exception {
        format(directory, node, clusterId, List.of());
    }

    private static void format(Path directory, int node, String clusterId, List<String> scramArguments) throws Exception {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return; // started here before
        }
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setSupportedFeatures(List.copyOf(Feature.PRODUCTION_FEATURES))
                .setNodeId(node)
                .setClusterId(clusterId)
                .setControllerListenerName(ListenerSecurity.CONTROLLER)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setIgnoreFormatted(true)
                .setScramArguments(scramArguments)
                .run();
    }

    /**
     * One of the loopback address that nobody uses now, and none that a system takes for outgoing connections: one of those could have it
     * before the caller does. Never the same twice.
     */
    public static int freePort() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = LOWEST_PORT + NEXT_PORT.getAndIncrement() % PORTS;
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
                return socket.getLocalPort();
            } catch (IOException e) {
                LOG.debug("A port is in use [port: {}, cause: {}]", port, e.getMessage());
            }
        }
        throw new IllegalStateException("No free port on %s [tried: %d from %d on]".formatted(HOST, PORT_ATTEMPTS, LOWEST_PORT));
    }

    /** For {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** Stops the broker and waits for it. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        if (temporary) {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("The embedded broker's temporary directory stays behind [directory: {}]", directory);
        }
    }
}
