package dev.promptgate.embeddedkafka;

import java.util.Map;
import java.util.TreeMap;

/** Broker properties of a cluster of one small node, whatever it runs in. Addresses and directories are not among them. */
public final class SingleNode {
    private SingleNode() {}

    /**
     * By property name: internal topics with one replica and few partitions, no wait before a group's first assignment, room for large
     * images.
     */
    public static Map<String, String> properties() {
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
}
