package dev.promptgate.messaging.topic;

import java.util.List;

/**
 * What was found of a topic.
 *
 * @param created whether it was created just now
 * @param partitions it has; 0 if it does not exist
 * @param mismatches what contradicts the specification, each a sentence with its remedy; empty if it is as it must be
 */
public record TopicState(TopicSpec spec, boolean created, int partitions, List<String> mismatches) {
    /** Whether the topic can be used. */
    public boolean isUsable() {
        return mismatches.isEmpty();
    }
}
