package dev.promptgate.console.state;

import java.util.List;
import java.util.OptionalLong;

/**
 * The topics and services at one moment, in the order of the flow.
 *
 * @param at epoch milliseconds
 */
public record FlowSample(long at, List<Topic> topics, List<Service> services) {
    /**
     * A topic.
     *
     * @param name without the prefix
     * @param records written so far
     * @param isExact whether they were counted; else they are offsets, of which the end of a transaction takes one, too
     */
    public record Topic(String name, long records, boolean isExact) {}

    /** A service and how many records of its input stand behind its last committed offset; empty if that is not known. */
    public record Service(String name, OptionalLong lag) {}
}
