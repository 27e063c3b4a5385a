package dev.promptgate.service.metrics;

import java.util.List;

/** The kinds of meter, and what each becomes in a Prometheus scrape. */
public enum MeterKind {
    COUNTER("_total"), GAUGE(""), TIMER("_seconds_count", "_seconds_sum", "_seconds_max"),
    /** Durations as well, with buckets, so that quantiles over all instances can be computed. */
    HISTOGRAM("_seconds_count", "_seconds_sum", "_seconds_max", "_seconds_bucket"), SUMMARY("_count", "_sum", "_max");

    private final List<String> suffixes;

    MeterKind(String... suffixes) {
        this.suffixes = List.of(suffixes);
    }

    /** Endings of its names in a scrape. */
    List<String> suffixes() {
        return suffixes;
    }
}
