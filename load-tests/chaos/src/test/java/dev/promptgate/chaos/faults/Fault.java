package dev.promptgate.chaos.faults;

/** What can be done to the cluster and its services; {@link FaultPlan} lays several over each other. */
enum Fault {
    KILL_SERVICE(On.SERVICE, "services killed (SIGKILL)"),
    KILL_LEADER(On.CLUSTER, "leaders of image-features killed"),
    KILL_COORDINATOR(On.CLUSTER, "coordinators of an open transaction killed"),
    KILL_GROUP_COORDINATOR(On.CLUSTER, "coordinators of the encoders' group killed"),
    PAUSE_SERVICE(On.SERVICE, "services stopped (SIGSTOP) beyond their timeouts, and woken"),
    REPLACE_SERVICE(On.SERVICE, "services stopped, replaced, and woken beside their successors"),
    PAUSE_BROKER(On.BROKER, "brokers stopped (SIGSTOP), and woken"),
    MOVE_LEADERS(On.CLUSTER, "times all leaders moved"),
    CUT(On.PAIR, "pairs of hosts cut off from each other"),
    CUT_ONE_WAY(On.PAIR, "pairs of hosts cut in one direction"),
    SLOW_LINE(On.HOST, "lines slowed to 200 kbit/s"),
    FULL_DISK(On.BROKER, "disks full"),
    SLOW_DISK(On.BROKER, "disks slowed to 100 writes a second"),
    SKEWED_CLOCK(On.SERVICE, "clocks set wrong by up to 30 min");

    /** What a fault is drawn for. */
    enum On {
        SERVICE, BROKER, HOST, PAIR, CLUSTER
    }

    final On on;
    /** What is counted, in the plural. */
    final String words;

    Fault(On on, String words) {
        this.on = on;
        this.words = words;
    }

    boolean killsBroker() {
        return this == KILL_LEADER || this == KILL_COORDINATOR || this == KILL_GROUP_COORDINATOR;
    }
}
