package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every relative link of every page leads to a file or folder, and its anchor to a heading; the tests that pages name exist. */
class DocumentsTest {
    private static final Pattern NAMED_TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))`");

    @Test
    void linksLeadSomewhere() throws IOException {
        List<Path> pages = Documents.pages();
        assertTrue(pages.size() > 20, "the repository's pages were not found: " + pages);
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            for (Documents.Link link : Documents.links(page)) {
                if (!resolves(link)) {
                    broken.add(Documents.root().relativize(page) + ": " + link.target()
                            + (link.anchor().isEmpty() ? "" : "#" + link.anchor()));
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void testsThatAreNamedExist() throws IOException {
        Set<String> classes = Documents.testClasses();
        List<String> missing = new ArrayList<>();
        for (Path page : Documents.pages()) {
            NAMED_TEST.matcher(Files.readString(page)).results().map(match -> match.group(1)).filter(name -> !classes.contains(name))
                    .forEach(name -> missing.add(Documents.root().relativize(page) + ": " + name));
        }
        assertEquals(List.of(), missing);
    }

    private static boolean resolves(Documents.Link link) throws IOException {
        Path target = link.target().isEmpty() ? link.page() : link.page().resolveSibling(link.target()).normalize();
        return Files.exists(target) && (link.anchor().isEmpty() || Documents.anchors(target).contains(link.anchor()));
    }

    @Test
    void findsLinksAndAnchorsAsForgesDo(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), """
                # The gate's `two` halves
                See [this](other.md#part), [`that`](other.md), [a site](https://example.com) and `[no](link.md)`.
                ```
                # no heading, [no](link.md)
                ```
                ## Twice
                ## Twice
                """);
        assertEquals(List.of(new Documents.Link(page, "other.md", "part"), new Documents.Link(page, "other.md", "")),
                Documents.links(page));
        assertEquals(Set.of("the-gates-two-halves", "twice", "twice-1"), Documents.anchors(page));
    }
}
