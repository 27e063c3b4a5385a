package dev.promptgate.service.metrics;

import java.util.List;
import java.util.Locale;

/**
 * One meter: the constant that code, README and tests share.
 *
 * @param name dotted, e.g. {@code promptgate.encoder.images}
 * @param tags the keys of its tags, each with a bounded set of values
 * @param description one phrase, its unit included
 */
public record MeterSpec(String name, Kind kind, List<String> tags, String description) {
    /** The kinds of meter, and what each becomes in a Prometheus scrape. */
    public enum Kind {
        COUNTER("_total"),
        GAUGE(""),
        TIMER("_seconds_count", "_seconds_sum", "_seconds_max"),
        /** Durations as well, with buckets, so that quantiles over all instances can be computed. */
        HISTOGRAM("_seconds_count", "_seconds_sum", "_seconds_max", "_seconds_bucket"),
        SUMMARY("_count", "_sum", "_max");

        /** Endings of its names in a scrape. */
        private final List<String> suffixes;

        Kind(String... suffixes) {
            this.suffixes = List.of(suffixes);
        }
    }

    public MeterSpec(String name, Kind kind, String description) {
        this(name, kind, List.of(), description);
    }

    /** The names that a scrape holds once the meter is registered. */
    public List<String> prometheusNames() {
        String base = name.replace('.', '_').replace('-', '_');
        return kind.suffixes.stream().map(suffix -> base + suffix).toList();
    }

    /** The table of meters, as Markdown. */
    public static String markdown(List<MeterSpec> specs) {
        StringBuilder table = new StringBuilder("| meter | in a scrape | kind | tags | meaning |\n| --- | --- | --- | --- | --- |\n");
        for (MeterSpec spec : specs) {
            table.append("| `%s` | `%s` | %s | %s | %s |\n".formatted(spec.name(), spec.prometheusNames().get(0),
                    spec.kind().name().toLowerCase(Locale.ROOT), String.join(", ", spec.tags()), spec.description()));
        }
        return table.toString();
    }
}
