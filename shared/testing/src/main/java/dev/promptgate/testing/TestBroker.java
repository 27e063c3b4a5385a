package dev.promptgate.testing;

import java.util.Map;
import java.util.UUID;

/**
 * A real broker that a test class uses.
 *
 * @param bootstrapServers for Kafka clients
 * @param kind {@code container} or {@code embedded}
 */
public record TestBroker(String bootstrapServers, String kind) {
    /**
     * Properties for the clients of a test, and of the services that it starts. A fetch that waits for records holds up what its consumer
     * does next, closing included; with Kafka's half a second that is most of a test's time.
     */
    public static final Map<String, String> CLIENT_PROPERTIES = Map.of("fetch.max.wait.ms", "20");

    /** A prefix for topic names that no other test has. */
    public String uniquePrefix() {
        return "test-" + UUID.randomUUID().toString().substring(0, 8) + ".";
    }
}
