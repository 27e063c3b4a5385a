package dev.promptgate.load.service;

import java.util.HashMap;
import java.util.Map;

/** A scrape in Prometheus' text format, the samples of a name added up over their tags. Immutable. */
public final class Scrape {
    private final Map<String, Double> sums = new HashMap<>();

    /** Lines that are no samples are passed over. */
    public Scrape(String text) {
        text.lines().filter(line -> !line.startsWith("#")).forEach(this::add);
    }

    private void add(String line) {
        int space = line.lastIndexOf(' ');
        if (space <= 0) {
            return;
        }
        try {
            double value = Double.parseDouble(line.substring(space + 1));
            String series = line.substring(0, space);
            int brace = series.indexOf('{');
            sums.merge(brace < 0 ? series : series.substring(0, brace), value, Double::sum);
            if (series.contains("area=\"heap\"")) {
                sums.merge(series.substring(0, brace) + ".heap", value, Double::sum);
            }
        } catch (NumberFormatException e) {
            return; // not a sample
        }
    }

    /** The sum of a name's samples, NaN if there are none; {@code .heap} behind a name adds only those of the heap. */
    public double value(String name) {
        return sums.getOrDefault(name, Double.NaN);
    }
}
