package dev.promptgate.messaging.record;

/** Where a labelled image stands in {@code labelled-images}: by it every record's outcome can be accounted for. */
public record SourcePosition(int partition, long offset) {}
