package dev.promptgate.chaos.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which fault begins when, on what, and how long it lasts: a function of a seed and a number of kills. They begin 2 s after each other on
 * average and last for up to 15 s, so that several are there at a time.
 */
record FaultPlan(long seed, int kills, List<Step> steps) {
    private static final int LEAST_GAP_MS = 300;
    private static final int MOST_GAP_MS = 3_700;
    private static final int LEAST_MS = 2_000;
    private static final int MOST_MS = 8_000;
    /** Longer than sessions and transactions last, which {@link Fleet} sets. */
    private static final int LEAST_PAUSE_MS = 8_000;
    private static final int MOST_PAUSE_MS = 15_000;
    private static final int MOST_SKEW_MINUTES = 30;

    /**
     * One fault.
     *
     * @param afterMillis since the one before began
     * @param target name of a host; of a fault of the cluster none is asked
     * @param other the second of a pair of hosts
     * @param skewMinutes how wrong a clock is
     * @param atWork whether a kill waits until the service has started; else it falls anywhere
     */
    record Step(int number, int afterMillis, Fault fault, String target, String other, int lastsMillis, int skewMinutes,
            boolean atWork) {
        @Override
        public String toString() {
            String on = switch (fault.on) {
                case CLUSTER -> "";
                case PAIR -> " " + target + " > " + other;
                default -> " " + target;
            };
            String how = switch (fault) {
                case KILL_SERVICE -> atWork ? " at work" : "";
                case SKEWED_CLOCK -> " by %d min for %d ms".formatted(skewMinutes, lastsMillis);
                case MOVE_LEADERS -> "";
                default -> " for " + lastsMillis + " ms";
            };
            return "%d. after %d ms: %s%s%s".formatted(number, afterMillis, fault, on, how);
        }
    }

    /**
     * As many kills of services, 6% as many of brokers, and 5% of every other fault, at least one of each.
     *
     * @param possible others are left out; the rest stays as it is
     */
    static FaultPlan draw(long seed, int kills, Set<Fault> possible, List<String> services, List<String> brokers) {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            int share = fault.killsBroker() ? 50 : 20;
            faults.addAll(Collections.nCopies(fault == Fault.KILL_SERVICE ? kills : Math.max(1, (kills + share - 1) / share), fault));
        }
        Collections.shuffle(faults, random);
        List<String> hosts = new ArrayList<>(services);
        hosts.addAll(brokers);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < faults.size(); i++) {
            Step step = step(i + 1, faults.get(i), random, services, brokers, hosts);
            if (possible.contains(step.fault())) {
                steps.add(step);
            }
        }
        return new FaultPlan(seed, kills, steps);
    }

    /** Draws as many numbers for every fault. */
    private static Step step(int number, Fault fault, Random random, List<String> services, List<String> brokers, List<String> hosts) {
        int after = between(random, LEAST_GAP_MS, MOST_GAP_MS);
        double place = random.nextDouble();
        String other = brokers.get(random.nextInt(brokers.size())); // services do not talk to each other
        boolean isPause = fault == Fault.PAUSE_SERVICE || fault == Fault.REPLACE_SERVICE;
        double length = random.nextDouble();
        int lasts = isPause ? within(length, LEAST_PAUSE_MS, MOST_PAUSE_MS) : within(length, LEAST_MS, MOST_MS);
        int skew = within(random.nextDouble(), -MOST_SKEW_MINUTES, MOST_SKEW_MINUTES);
        List<String> targets = new ArrayList<>(switch (fault.on) {
            case SERVICE -> services;
            case BROKER -> brokers;
            default -> hosts;
        });
        if (fault.on == Fault.On.PAIR) {
            targets.remove(other);
        }
        boolean isTurned = random.nextBoolean() && fault.on == Fault.On.PAIR;
        String target = targets.get((int) (place * targets.size()));
        boolean atWork = random.nextInt(4) > 0;
        return new Step(number, after, fault, isTurned ? other : target, isTurned ? target : other, lasts, skew, atWork);
    }

    private static int between(Random random, int least, int most) {
        return within(random.nextDouble(), least, most);
    }

    private static int within(double share, int least, int most) {
        return least + (int) (share * (most - least));
    }

    /** The command that does the same again. */
    String command() {
        return ("mvn -B verify -Pchaos -pl load-tests/chaos -am -Dtest=none -Dit.test=ClusterChaosIT"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dchaos.seed=%d -Dchaos.kills=%d")
                .formatted(seed, kills);
    }

    @Override
    public String toString() {
        return "Plan of seed %d with %d kills%n%s%n".formatted(seed, kills,
                steps.stream().map(Step::toString).collect(Collectors.joining("\n")));
    }
}
