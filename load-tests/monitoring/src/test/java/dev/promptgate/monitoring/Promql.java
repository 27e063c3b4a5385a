package dev.promptgate.monitoring;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Takes expressions apart, as far as those of this repository go: no strings outside of matchers, no braces within them. */
final class Promql {
    private static final Pattern LABEL_LISTS = Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern RANGES = Pattern.compile("\\[[^]]*]|\\boffset\\s+\\w+");
    private static final Pattern SELECTOR = Pattern.compile("(?<![\\w:.])([a-zA-Z_:][\\w:]*+)(?!\\s*\\()(\\s*\\{[^}]*})?");
    private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool", "by", "without", "on", "ignoring", "group_left",
            "group_right", "offset", "inf", "nan");

    private Promql() {}

    /** As Grafana would send it with all instances and prompts selected and a small step. */
    static String withoutVariables(String expression) {
        return expression.replace("$__rate_interval", "15s").replaceAll("\"\\$\\w+\"", "\".*\"");
    }

    /** The vector selectors, with their matchers and without ranges. */
    static List<String> selectors(String expression) {
        String rest = RANGES.matcher(LABEL_LISTS.matcher(expression).replaceAll(" ")).replaceAll("");
        return SELECTOR.matcher(rest).results().filter(match -> !KEYWORDS.contains(match.group(1))).map(MatchResult::group).distinct()
                .toList();
    }

    static Set<String> metrics(String expression) {
        Set<String> names = new TreeSet<>();
        selectors(expression).forEach(selector -> names.add(selector.replaceAll("\\s*\\{.*", "")));
        return names;
    }
}
