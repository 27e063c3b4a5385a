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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The repository's Markdown pages: where they link to, and what they may link to and name. */
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

    static List<Path> pages() throws IOException {
        return files(".md");
    }

    /** The simple names of all test classes. */
    static Set<String> testClasses() throws IOException {
        return files(".java").stream().map(file -> file.getFileName().toString().replace(".java", ""))
                .filter(name -> name.endsWith("Test") || name.endsWith("IT")).collect(Collectors.toSet());
    }

    /** Every such file, but what builds made and what is in hidden folders. */
    private static List<Path> files(String ending) throws IOException {
        Path root = root();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(ending) && isSource(root.relativize(file))).sorted().toList();
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
