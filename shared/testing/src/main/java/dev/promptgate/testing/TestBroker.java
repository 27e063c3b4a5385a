package dev.promptgate.testing;

import java.util.UUID;

/**
 * A real broker that a test class uses.
 *
 * @param bootstrapServers for Kafka clients
 * @param kind {@code container} or {@code embedded}
 */
public record TestBroker(String bootstrapServers, String kind) {
    /** A prefix for topic names that no other test has. */
    public String uniquePrefix() {
        return "test-" + UUID.randomUUID().toString().substring(0, 8) + ".";
    }
}
