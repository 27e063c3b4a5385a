package dev.promptgate.chaos.cluster;

import dev.promptgate.embeddedkafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;

/**
 * Three brokers, each a process of its own and a controller, too, that keep every record three times and acknowledge none that fewer than
 * two have. Where the machine allows it each is on a {@link Network}, with a disk of its own; else all are on loopback.
 */
public final class Cluster implements AutoCloseable {
    public static final short REPLICATION = 3;
    private static final Duration UP_WITHIN = Duration.ofSeconds(90);

    private final List<Broker> brokers = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private Optional<Network> network = Optional.empty();
    private boolean hasDisks;
    private boolean hasSlowDisks;

    private Cluster() {}

    /** Waits until all three are up. */
    public static Cluster start(Path directory) throws Exception {
        Cluster cluster = new Cluster();
        try {
            cluster.lay(directory);
            String id = Uuid.randomUuid().toString();
            String voters = cluster.brokers.stream().map(Broker::voter).collect(Collectors.joining(","));
            for (Broker broker : cluster.brokers) {
                broker.format(id, voters, properties());
                broker.start();
            }
            cluster.awaitAll();
            return cluster;
        } catch (Exception | Error e) {
            cluster.close();
            throw e;
        }
    }

    private void lay(Path directory) throws IOException {
        try {
            network = Optional.of(Network.create());
        } catch (IOException e) {
            leftOut.add("cuts, slow lines and full disks, as no network can be made here (%s)".formatted(e.getMessage()));
        }
        for (int id = 1; id <= REPLICATION; id++) {
            brokers.add(new Broker(id, host("broker-" + id), directory.resolve("broker-" + id)));
        }
        if (network.isPresent()) {
            try {
                for (Broker broker : brokers) {
                    broker.mount();
                }
                hasDisks = true;
                brokers.stream().flatMap(broker -> broker.whyNeverSlow().stream()).findFirst().ifPresentOrElse(
                        why -> leftOut.add("slow disks, as no device can be made here (%s)".formatted(why)), () -> hasSlowDisks = true);
            } catch (IOException e) {
                leftOut.add("full disks, as none can be mounted here (%s)".formatted(e.getMessage()));
            }
        }
    }

    private static Map<String, String> properties() {
        Map<String, String> p = new HashMap<>(EmbeddedKafka.singleNode());
        String three = Short.toString(REPLICATION);
        p.put("default.replication.factor", three);
        p.put("min.insync.replicas", "2");
        p.put("offsets.topic.replication.factor", three);
        p.put("transaction.state.log.replication.factor", three);
        p.put("transaction.state.log.min.isr", "2");
        p.put("share.coordinator.state.topic.replication.factor", three);
        p.put("share.coordinator.state.topic.min.isr", "2");
        p.put("broker.session.timeout.ms", "6000");
        p.put("replica.lag.time.max.ms", "6000");
        return p;
    }

    /** On its network, or, where there is none, on loopback. */
    public Host host(String name) throws IOException {
        return network.isPresent() ? network.get().host(name) : Host.onLoopback(name);
    }

    public Optional<Network> network() {
        return network;
    }

    public boolean hasDisks() {
        return hasDisks;
    }

    /** Whether they can be made slow, too. */
    public boolean hasSlowDisks() {
        return hasSlowDisks;
    }

    /** What cannot be done on this machine, and why. */
    public List<String> leftOut() {
        return leftOut;
    }

    public List<Broker> brokers() {
        return brokers;
    }

    public String bootstrapServers() {
        return brokers.stream().map(Broker::address).collect(Collectors.joining(","));
    }

    /** Questions and orders to it; whoever asks for it closes it. */
    public ClusterAdmin admin() {
        return new ClusterAdmin(this);
    }

    /** Starts brokers that are down, and waits until all are up and in all their partitions' replica sets. */
    public void awaitAll() throws IOException {
        for (Broker broker : brokers) {
            if (!broker.isAlive()) {
                broker.start();
            }
        }
        Map<String, Object> config = new TreeMap<>(Map.of("bootstrap.servers", bootstrapServers()));
        try (Admin admin = Admin.create(config)) {
            Awaitility.await().atMost(UP_WITHIN).pollInterval(Duration.ofMillis(300)).ignoreExceptions()
                    .until(() -> admin.describeCluster().nodes().get().size() == REPLICATION && ClusterAdmin.isInSync(admin));
        } catch (RuntimeException e) {
            for (Broker broker : brokers) {
                List<String> lines = broker.log().lines().toList();
                System.out.printf("chaos: broker %d, %s:%n%s%n", broker.id(), broker.isAlive() ? "alive" : "ended",
                        String.join("\n", lines.subList(Math.max(0, lines.size() - 100), lines.size())));
            }
            throw e;
        }
    }

    @Override
    public void close() {
        brokers.forEach(Broker::close);
        network.ifPresent(Network::close);
    }
}
