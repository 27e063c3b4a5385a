package dev.promptgate.consoletest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page for those who use it by keyboard or screen reader. */
@ConsoleTest
class AccessibilityIT {
    private static final Set<String> SEVERE = Set.of("serious", "critical");
    private static final String FOCUSED = """
            () => {
              const element = document.activeElement;
              if (!element || element === document.body) {
                return null;
              }
              const marked = element.id === 'try-file' ? document.querySelector('.file-button') : element;
              const visible = getComputedStyle(marked).outlineStyle !== 'none' && parseFloat(getComputedStyle(marked).outlineWidth) > 0;
              return (visible ? '' : 'INVISIBLE ') + (element.id || element.className || element.tagName) + ' ' + (element.hash ?? '');
            }""";

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "1280, DARK", "390, LIGHT", "390, DARK"})
    void axeFindsNothingSerious(int width, ColorScheme scheme, ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(width, scheme, console.token())) {
            Visits.openVerdictWithImages(visit);
            visit.find("#accuracy-as-table summary").click();
            visit.find("#try-file").setInputFiles(ConsoleOnDemo.image());
            visit.find(".bars").first().waitFor();
            assertEquals(List.of(), severe(visit), "the page");
            visit.find(".verdicts .thumb").first().click();
            assertEquals(List.of(), severe(visit), "an image's dialog");
            visit.page().keyboard().press("Escape");
            visit.find("#token-button").click();
            assertEquals(List.of(), severe(visit), "the token's dialog");
        }
    }

    private static List<String> severe(Visit visit) {
        List<String> found = new ArrayList<>();
        new AxeBuilder(visit.page()).analyze().getViolations().stream().filter(rule -> SEVERE.contains(rule.getImpact()))
                .forEach(rule -> rule.getNodes().forEach(node -> found.add(rule.getId() + ": " + node.getTarget())));
        return found;
    }

    @Test
    void everyControlIsReachedByTabInTurnAndSeen(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, console.token())) {
            List<String> way = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                visit.page().keyboard().press("Tab");
                Object focused = visit.page().evaluate(FOCUSED);
                if (focused == null || !way.isEmpty() && focused.equals(way.get(0))) {
                    break;
                }
                way.add(focused.toString().strip());
            }
            assertTrue(way.size() < 200, "it ends: " + way);
            assertEquals(List.of(), way.stream().filter(element -> element.startsWith("INVISIBLE")).toList());
            List<String> wanted = List.of("skip #main", "token-button", "theme-button", "toggle", "plot", "gate-reason", "gate-to",
                    "gate-pause", "SUMMARY", "try-file", "classes-filter", "classes-which", "heatmap");
            int from = 0;
            for (String element : wanted) {
                int at = way.subList(from, way.size()).indexOf(element);
                assertTrue(at >= 0, element + " comes after " + (from == 0 ? "the start" : way.get(from - 1)) + ": " + way);
                from += at + 1;
            }
        }
    }

    @Test
    void theSkipLinkLeadsPastTheBar(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            visit.page().keyboard().press("Tab");
            visit.page().keyboard().press("Enter");
            assertThat(visit.find("#main")).isFocused();
        }
    }

    @Test
    void verdictAndThumbnailOpenByKeyboardAndFocusComesBack(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            Visits.openVerdictWithImages(visit);
            Keyboard keyboard = visit.page().keyboard();
            visit.find(".verdicts button.thumb").first().focus();
            keyboard.press("Enter");
            assertThat(visit.find("#image-dialog")).isVisible();
            keyboard.press("Escape");
            assertThat(visit.find("#image-dialog")).isHidden();
            assertThat(visit.find(".verdicts button.thumb").first()).isFocused();
            visit.find(".verdicts details[open] summary").first().focus();
            keyboard.press("Enter");
            assertThat(visit.find(".verdicts details[open]")).hasCount(0);
        }
    }

    @Test
    void chartsAreReadWithTheArrowKeys(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            Keyboard keyboard = visit.page().keyboard();
            visit.find("#accuracy-chart .plot").focus();
            keyboard.press("Home");
            assertThat(visit.find("#accuracy-reading")).containsText("Here: ");
            String first = visit.find("#accuracy-chart .plot").getAttribute("aria-valuetext");
            keyboard.press("ArrowRight");
            visit.page().waitForTimeout(100);
            String second = visit.find("#accuracy-chart .plot").getAttribute("aria-valuetext");
            assertNotEquals(first, second);
            assertTrue(second.contains("Seen "), second);
            visit.find(".heatmap").focus();
            keyboard.press("ArrowDown");
            assertThat(visit.find("#confusion-reading")).hasText(Pattern.compile(".+: \\d+ of \\d+ images? .*right.*"));
            keyboard.press("ArrowDown");
            assertThat(visit.find("#confusion-reading")).containsText(" taken for ");
        }
    }
}
