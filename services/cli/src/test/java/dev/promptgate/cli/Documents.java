package dev.promptgate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The repository's Markdown pages: where they link to, and the anchors that forges give their headings. */
final class Documents {
    /** A link as it stands in a page; {@code anchor} is empty where it has none. */
    record Link(Path page, String target, String anchor) {}

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *#*$");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

    private Documents() {}

    /** The folder of the whole project, from whichever folder in it the test runs. */
    static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(folder -> Files.exists(folder.resolve(".ci/test-command"))).findFirst()
                .orElseThrow(() -> new IllegalStateException("No folder above this one has .ci/test-command"));
    }

    /** Every page, but what builds made and what stands in hidden folders. */
    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(file -> file.toString().endsWith(".md")).filter(file -> isSource(root().relativize(file))).sorted()
                    .toList();
        }
    }

    private static boolean isSource(Path file) {
        for (Path part : file) {
            if (part.toString().equals("target") || part.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
    }

    /** The links of a page to other places of the repository. */
    static List<Link> links(Path page) throws IOException {
        List<Link> links = new ArrayList<>();
        LINK.matcher(CODE.matcher(prose(page)).replaceAll("")).results().map(match -> match.group(1))
                .filter(target -> !ELSEWHERE.matcher(target).matches()).forEach(target -> {
                    int hash = target.indexOf('#');
                    links.add(
                            hash < 0 ? new Link(page, target, "") : new Link(page, target.substring(0, hash), target.substring(hash + 1)));
                });
        return links;
    }

    /** The anchors of a page's headings; a repeated heading gets a number. */
    static Set<String> anchors(Path page) throws IOException {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(prose(page)).results().map(match -> match.group(1)).forEach(heading -> {
            String text = heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT);
            String anchor = text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
            int times = seen.merge(anchor, 1, Integer::sum);
            anchors.add(times == 1 ? anchor : anchor + "-" + (times - 1));
        });
        return anchors;
    }

    private static String prose(Path page) throws IOException {
        return FENCE.matcher(Files.readString(page)).replaceAll("");
    }
}
