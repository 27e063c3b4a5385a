package dev.promptgate.monitoring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Grafana's query for the values that a variable offers. */
record LabelValues(String selector, String label) {
    private static final Pattern QUERY = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    static LabelValues parse(String query) {
        Matcher matcher = QUERY.matcher(query);
        if (!matcher.matches()) {
            throw new AssertionError("Not label_values(selector, label): " + query);
        }
        return new LabelValues(matcher.group(1), matcher.group(2));
    }
}
