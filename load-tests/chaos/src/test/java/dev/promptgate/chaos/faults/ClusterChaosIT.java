package dev.promptgate.chaos.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.chaos.Ledger;
import dev.promptgate.chaos.LedgerReport;
import dev.promptgate.chaos.ServiceRun;
import dev.promptgate.chaos.Stream;
import dev.promptgate.chaos.cluster.Cluster;
import dev.promptgate.chaos.cluster.ClusterAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, four services, and faults that a seed lays over each other: when all is over, nothing is lost and nothing twice. */
class ClusterChaosIT {
    private static final long SEED = Long.getLong("chaos.seed", 1);
    private static final int KILLS = Integer.getInteger("chaos.kills", 3);
    private static final String WHAT = "three brokers, four services, faults over each other";
    private static final int PARTITIONS = 4;

    @TempDir
    private Path directory;

    @Test
    void underFaultsOverEachOtherNothingIsLostOrTwice() throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            FaultPlan plan = plan(cluster);
            System.out.print(plan);
            Files.writeString(Path.of("target", "fault-plan-%d.txt".formatted(SEED)), plan.toString());
            Stream stream = Stream.create(cluster.bootstrapServers(), "chaos.", PARTITIONS, Cluster.REPLICATION);
            try (ClusterAdmin admin = cluster.admin()) {
                assertEquals("2", admin.config(stream.topics().imageFeatures(), "min.insync.replicas"));
            }
            try (Fleet fleet = new Fleet(cluster, stream, directory);
                    Feed feed = new Feed(stream);
                    Faults faults = new Faults(cluster, fleet, stream.topics().imageFeatures())) {
                run(plan, stream, fleet, feed, faults);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("Again, with the same faults: " + plan.command(), e);
            }
        }
    }

    private static FaultPlan plan(Cluster cluster) {
        List<String> leftOut = new ArrayList<>(cluster.leftOut());
        Set<Fault> possible = EnumSet.allOf(Fault.class);
        if (cluster.network().isEmpty()) {
            possible.removeAll(EnumSet.of(Fault.CUT, Fault.CUT_ONE_WAY, Fault.SLOW_LINE));
        }
        if (!cluster.hasDisks()) {
            possible.remove(Fault.FULL_DISK);
        }
        if (!cluster.hasSlowDisks()) {
            possible.remove(Fault.SLOW_DISK);
        }
        if (WrongClock.library().isEmpty()) {
            possible.remove(Fault.SKEWED_CLOCK);
            leftOut.add("wrong clocks, as libfaketime is not installed");
        }
        leftOut.forEach(what -> System.out.println("chaos: left out are " + what));
        return FaultPlan.draw(SEED, KILLS, possible, Fleet.NAMES,
                cluster.brokers().stream().map(broker -> broker.host().name()).toList());
    }

    private static void run(FaultPlan plan, Stream stream, Fleet fleet, Feed feed, Faults faults) throws Exception {
        long began = System.nanoTime();
        fleet.startAll();
        double up = since(began);
        feed.start();
        LedgerReport.add(WHAT, "begun", "", "");
        faults.run(plan, () -> report(plan, faults, feed, began));
        double over = since(began);
        faults.end();
        feed.finish();
        awaitRest(stream, fleet);
        System.out.printf("chaos: services up after %.0f s, last fault begun after %.0f s, at rest after %.0f s%n", up, over, since(began));
        ClusterVerdict verdict = ClusterVerdict.of(stream, feed.acknowledged());
        LedgerReport.replaceLast(WHAT, done(plan, faults, began), verdict.ledger().toString(),
                verdict + "; " + fleet.replaced());
        assertTrue(verdict.history().isClean(), verdict.history().toString());
        assertTrue(verdict.ledger().isBalanced(), verdict.ledger().toString());
        assertTrue(verdict.live().containsAll(verdict.rolledOut()), "rolled out by the reports: %s, live: %s"
                .formatted(verdict.rolledOut(), verdict.live()));
        assertEquals(0, feed.failed());
        assertTrue(verdict.candidates() > 1 && !verdict.live().isEmpty(), "hardly anything was learned: " + verdict);
        assertTrue(fleet.killedAtWork() * 2 >= plan.kills(), "too few kills hit a service at work: " + fleet);
    }

    private static void report(FaultPlan plan, Faults faults, Feed feed, long began) throws IOException {
        LedgerReport.replaceLast(WHAT, done(plan, faults, began), "under way",
                "%d images acknowledged".formatted(feed.acknowledged().size()));
    }

    private static String done(FaultPlan plan, Faults faults, long began) {
        return "seed %d, %d of %d faults in %.0f s: %s".formatted(plan.seed(), faults.count(), plan.steps().size(),
                since(began), faults);
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Until every image has its outcome, and learner and evaluator have nothing left to do. */
    private static void awaitRest(Stream stream, Fleet fleet) throws Exception {
        double[] steps = {-1};
        ServiceRun.await(stream, () -> {
            fleet.tend();
            double before = steps[0];
            steps[0] = fleet.stepsAtEnd();
            return before >= 0 && steps[0] == before && Ledger.of(stream).missing() == 0 && stream.isLastCandidateJudged();
        }, fleet.runs());
    }
}
