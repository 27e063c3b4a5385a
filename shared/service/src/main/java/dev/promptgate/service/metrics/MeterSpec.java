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
public record MeterSpec(String name, MeterKind kind, List<String> tags, String description) {
    public MeterSpec(String name, MeterKind kind, String description) {
        this(name, kind, List.of(), description);
    }

    /** The names that a scrape holds once the meter is registered. */
    public List<String> prometheusNames() {
        String base = name.replace('.', '_').replace('-', '_');
        return kind.suffixes().stream().map(suffix -> base + suffix).toList();
    }

    /** The table of meters, as Markdown. */
    public static String markdown(List<MeterSpec> specs) {
        StringBuilder table = new StringBuilder("| meter | in a scrape | kind | tags | meaning |\n| --- | --- | --- | --- | --- |\n");
        for (MeterSpec spec : specs) {
            table.append("| `%s` | `%s` | %s | %s | %s |\n".formatted(spec.name(), spec.prometheusNames().get(0),
                    spec.kind().name().toLowerCase(Locale.ROOT),
                    String.join(", ", spec.tags()), spec.description()));
        }
        return table.toString();
    }
}
