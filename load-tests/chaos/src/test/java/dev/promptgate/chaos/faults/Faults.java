package dev.promptgate.chaos.faults;

import dev.promptgate.chaos.cluster.Broker;
import dev.promptgate.chaos.cluster.Cluster;
import dev.promptgate.chaos.cluster.ClusterAdmin;
import dev.promptgate.chaos.cluster.Host;
import dev.promptgate.chaos.cluster.Network;
import dev.promptgate.chaos.faults.FaultPlan.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Carries a plan out: begins each fault in its time, and ends it in its time, whatever else is going on. One thread. */
final class Faults implements AutoCloseable {
    private static final int SLOW_KBIT = 200;
    private static final int TICK_MS = 100;
    private static final long WORKS_WITHIN_MS = 60_000;
    private static final long OPEN_WITHIN_MS = 15_000;

    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    private record Due(long at, Action end) {}

    private final Cluster cluster;
    private final ClusterAdmin admin;
    private final Fleet fleet;
    private final TopicPartition features;
    private final PriorityQueue<Due> ends = new PriorityQueue<>(Comparator.comparingLong(Due::at));
    /** As often as something keeps them down. */
    private final List<Broker> down = new ArrayList<>();
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    private boolean ending;
    private final Map<Fault, Integer> missed = new EnumMap<>(Fault.class);
    private int brokersEnded;
    private int endedByFullDisk;

    Faults(Cluster cluster, Fleet fleet, String featuresTopic) {
        this.cluster = cluster;
        this.fleet = fleet;
        admin = cluster.admin();
        features = new TopicPartition(featuresTopic, 0);
    }

    /** Begins all, telling after each; those that last longest last on. */
    void run(FaultPlan plan, Action progress) throws Exception {
        long at = System.nanoTime();
        for (Step step : plan.steps()) {
            at += step.afterMillis() * 1_000_000L;
            waitUntil(at);
            if (step.fault() == Fault.REPLACE_SERVICE || step.fault() == Fault.KILL_SERVICE && step.atWork()) {
                awaitAtWork(step.target());
            }
            at = Math.max(at, System.nanoTime()); // what follows keeps its distance
            try {
                boolean hit = begin(step);
                System.out.printf("chaos: %s%s%n", step, hit ? "" : " (missed)");
                if (hit) {
                    done.merge(step.fault(), 1, Integer::sum);
                } else {
                    missed.merge(step.fault(), 1, Integer::sum);
                }
            } catch (ExecutionException e) { // the cluster did not answer who it is
                System.out.printf("chaos: %s (missed: %s)%n", step, e.getCause());
                missed.merge(step.fault(), 1, Integer::sum);
            }
            progress.run();
        }
    }

    private void awaitAtWork(String name) throws Exception {
        for (long end = System.nanoTime() + WORKS_WITHIN_MS * 1_000_000; !fleet.isAtWork(name) && System.nanoTime() < end;) {
            waitUntil(System.nanoTime() + TICK_MS * 1_000_000L);
        }
    }

    /** Ends all, and waits for the brokers. */
    void end() throws Exception {
        long limit = System.nanoTime() + WORKS_WITHIN_MS * 1_000_000;
        while (!ends.isEmpty()) {
            Due due = ends.remove();
            ending = System.nanoTime() > limit;
            due.end.run();
            fleet.tend();
            Thread.sleep(TICK_MS); // one may wait for a successor
        }
        cluster.awaitAll();
    }

    private void waitUntil(long at) throws Exception {
        for (;;) {
            fleet.tend();
            tendBrokers();
            while (!ends.isEmpty() && ends.element().at <= System.nanoTime()) {
                ends.remove().end.run();
            }
            long left = (at - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            Thread.sleep(Math.min(left, TICK_MS));
        }
    }

    private void tendBrokers() throws IOException {
        for (Broker broker : cluster.brokers()) {
            if (!broker.isAlive() && !down.contains(broker)) {
                brokersEnded++;
                System.out.printf("chaos: broker %d ended by itself: %s%n", broker.id(),
                        broker.log().lines().reduce((a, b) -> b).orElse(""));
                broker.start();
            }
        }
    }

    private void endAfter(Step step, Action end) {
        ends.add(new Due(System.nanoTime() + step.lastsMillis() * 1_000_000L, end));
    }

    /** So that what wakes meets its successor. */
    private Action whenAtWork(String name, Runnable wake) {
        return () -> {
            if (ending || fleet.isAtWork(name)) {
                wake.run();
            } else {
                ends.add(new Due(System.nanoTime() + TICK_MS * 1_000_000L, whenAtWork(name, wake)));
            }
        };
    }

    /** Whether there was something to do it to. */
    private boolean begin(Step step) throws Exception {
        switch (step.fault()) {
            case KILL_SERVICE -> fleet.kill(step.target());
            case KILL_LEADER -> {
                return kill(admin.leader(features), step);
            }
            case KILL_COORDINATOR -> {
                return kill(coordinator(), step);
            }
            case KILL_GROUP_COORDINATOR -> {
                return kill(admin.groupCoordinator(fleet.encodersGroup()), step);
            }
            case PAUSE_SERVICE -> endAfter(step, fleet.pause(step.target())::run);
            case REPLACE_SERVICE -> endAfter(step, whenAtWork(step.target(), fleet.replace(step.target())));
            case MOVE_LEADERS -> admin.moveLeaders();
            case SKEWED_CLOCK -> {
                fleet.restart(step.target(), WrongClock.environment(step.skewMinutes()));
                endAfter(step, () -> fleet.restart(step.target(), Map.of()));
            }
            case PAUSE_BROKER, FULL_DISK, SLOW_DISK -> beginOnBroker(step);
            case CUT, CUT_ONE_WAY, SLOW_LINE -> beginOnLine(step, cluster.network().orElseThrow());
        }
        return true;
    }

    private boolean kill(Optional<Broker> found, Step step) throws InterruptedException {
        if (found.isEmpty() || !found.get().isAlive()) {
            return false;
        }
        Broker broker = found.get();
        down.add(broker);
        broker.kill();
        endAfter(step, () -> startAgain(broker));
        return true;
    }

    private void startAgain(Broker broker) throws IOException {
        down.remove(broker);
        if (!broker.isAlive() && !down.contains(broker)) {
            broker.start();
        }
    }

    private Optional<Broker> coordinator() throws Exception {
        for (long end = System.nanoTime() + OPEN_WITHIN_MS * 1_000_000; System.nanoTime() < end;) {
            for (String name : Fleet.NAMES.stream().filter(Fleet::isEncoder).toList()) {
                Optional<Broker> found = admin.coordinatorOfOpenTransaction(fleet.transactionalId(name));
                if (found.isPresent()) {
                    return found;
                }
            }
            waitUntil(System.nanoTime()); // what is due meanwhile
        }
        return Optional.empty();
    }

    private void beginOnBroker(Step step) throws IOException {
        Broker broker = cluster.brokers().stream().filter(b -> b.host().name().equals(step.target())).findFirst().orElseThrow();
        if (step.fault() == Fault.PAUSE_BROKER) {
            broker.signal("STOP");
            endAfter(step, () -> broker.signal("CONT"));
            return;
        }
        if (step.fault() == Fault.SLOW_DISK) {
            broker.slowDisk();
            endAfter(step, broker::unslowDisk);
            return;
        }
        down.add(broker);
        broker.fillDisk();
        endAfter(step, () -> {
            broker.clearDisk();
            endedByFullDisk += broker.isAlive() ? 0 : 1;
            startAgain(broker);
        });
    }

    private void beginOnLine(Step step, Network network) throws IOException {
        Host target = host(step.target());
        Host other = host(step.other());
        if (step.fault() == Fault.SLOW_LINE) {
            network.slow(target, SLOW_KBIT);
            endAfter(step, () -> network.unslow(target));
            return;
        }
        network.cut(target, other);
        endAfter(step, () -> network.mend(target, other));
        if (step.fault() == Fault.CUT) {
            network.cut(other, target);
            endAfter(step, () -> network.mend(other, target));
        }
    }

    private Host host(String name) {
        return cluster.brokers().stream().map(Broker::host).filter(host -> host.name().equals(name)).findFirst()
                .orElseGet(() -> fleet.host(name));
    }

    int count() {
        return done.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
        String others = done.entrySet().stream().filter(entry -> entry.getKey() != Fault.KILL_SERVICE)
                .map(entry -> entry.getValue() + " " + entry.getKey().words).collect(Collectors.joining(", "));
        return "%s; %s; missed: %s; brokers ended %d times for want of space, %d times by themselves otherwise".formatted(fleet, others,
                missed, endedByFullDisk, brokersEnded);
    }

    @Override
    public void close() {
        admin.close();
    }
}
