package dev.promptgate.consoletest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page shows of a demo, by itself. */
@ConsoleTest
class LivePageIT {
    private static final String LIGHT_PAGE = "rgb(244, 245, 248)";
    private static final String DARK_PAGE = "rgb(15, 18, 23)";

    @Test
    void verdictsAppearWithoutReload(ConsoleOnDemo console) {
        assumeTrue(console.startedHere(), "a console that ran before its first visitor");
        Visit visit = console.first();
        assertTrue(console.verdictsAtFirst().startsWith("No verdict yet"), console.verdictsAtFirst());
        assertThat(visit.find(".verdicts summary").first()).isVisible();
        assertTrue(visit.find(".verdicts summary").count() >= 3, "verdicts of a whole demo");
        assertEquals(true, visit.page().evaluate("() => window.sameDocument"), "the document that was opened first");
        assertThat(visit.find("#announcer")).containsText(Pattern.compile("New verdict\\. Version [1-9]"));
        visit.screenshot("first-visitor-at-the-end");
        visit.assertQuiet();
    }

    @Test
    void theFlowShowsEveryTopicAndService(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            for (String topic : new String[] {"labelled-images", "image-features", "prompt-candidates", "prompt-rollouts",
                    "evaluation-reports"}) {
                assertThat(visit.find("[data-topic=" + topic + "]")).containsText(Pattern.compile("[1-9][0-9,]* records?"));
            }
            assertThat(visit.find("[data-topic=rejected-images]")).containsText("record");
            for (String service : new String[] {"encoder", "learner", "evaluator"}) {
                assertThat(visit.find("[data-service=" + service + "] .figure")).hasText("caught up");
            }
            Locator labelled = visit.find("[data-topic=labelled-images] .spark path");
            assertTrue(labelled.getAttribute("d").length() > 50, "a line of more than a few points");
        }
    }

    @Test
    void chartsAreFilled(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            for (String canvas : new String[] {"#accuracy-chart canvas", ".heatmap", "#learning .chart >> nth=0 >> canvas",
                    "#learning .chart >> nth=1 >> canvas"}) {
                int coloured = Pixels.coloured(visit.find(canvas));
                assertTrue(coloured > 300, "%s has %d coloured pixels".formatted(canvas, coloured));
            }
            for (String metric : new String[] {"seen", "unseen", "hm", "joint"}) {
                assertThat(visit.find("#accuracy-tiles [data-metric=" + metric + "] strong")).hasText(Pattern.compile("[0-9]{2}\\.[0-9]%"));
            }
            visit.find("#accuracy-as-table summary").click();
            assertThat(visit.find("#accuracy-table tbody")) // which version is the first to pass depends on the machine's speed
                    .containsText(Pattern.compile("rollout: the hand-written prompt → version \\d"));
        }
    }

    @Test
    void incidentsStandOnTheTimeLineAndShowTheImagesThatWouldHaveGotWorse(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            visit.find("#accuracy-as-table summary").click();
            assertThat(visit.find("#accuracy-table tbody"))
                    .containsText(Pattern.compile("version \\d+ failed\\. seen and unseen classes regress"));
            assertThat(visit.find("#accuracy-table tbody"))
                    .containsText(Pattern.compile("rollback: version \\d+ → version \\d+\\. unseen"));
            assertThat(visit.find("#accuracy-legend .keys")).containsText("✕ candidate failed");
            Locator failed = visit.find(".verdicts details[data-outcome=fail]").first();
            failed.locator("summary").first().click();
            assertThat(failed.locator(".thumbs li").first()).containsText("→");
            Locator thumb = failed.locator(".thumb img").first();
            visit.page().waitForCondition(() -> ((Number) thumb.evaluate("image => image.naturalWidth")).intValue() > 0);
            visit.screenshot("incident");
        }
    }

    @Test
    void imagesWhoseLabelsLookWrongAreShownWithWhatTheyLookLike(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            assertThat(visit.find("#suspects-note")).containsText(Pattern.compile("images that judge, of which 50 are shown.* by version"));
            assertThat(visit.find("#suspects .thumbs li")).hasCount(50);
            assertThat(visit.find("#suspects .thumbs li").first()).containsText("looks like ");
            Locator thumb = visit.find("#suspects .thumb img").first();
            thumb.scrollIntoViewIfNeeded();
            visit.page().waitForCondition(() -> ((Number) thumb.evaluate("image => image.naturalWidth")).intValue() > 0);
            thumb.click();
            assertThat(visit.find("#image-dialog")).containsText(Pattern.compile("Looks like.*0\\.[0-9]{3} of the label", Pattern.DOTALL));
            visit.screenshot("suspects");
        }
    }

    @Test
    void theLegendTakesLinesAwayAndBringsThemBack(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            Locator canvas = visit.find("#accuracy-chart canvas");
            int all = Pixels.coloured(canvas);
            for (String name : new String[] {"Seen", "Unseen", "Joint"}) {
                visit.find("#accuracy-legend button:has-text('%s')".formatted(name)).first().click();
            }
            visit.page().waitForTimeout(200);
            assertTrue(Pixels.coloured(canvas) < all / 2, "marks of rollouts are left");
            visit.find("#accuracy-legend button[aria-pressed=false]").first().click();
            visit.page().waitForTimeout(200);
            assertTrue(Pixels.coloured(canvas) > 0);
            assertThat(visit.find("#accuracy-legend button[aria-pressed=false]")).hasCount(2);
        }
    }

    @Test
    void classesAreListedWorstFirstAndFiltered(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            Locator rows = visit.find("#classes-body tbody tr");
            assertThat(rows).hasCount(120); // 100 labelled classes and 20 of the probe
            double[] shares = rows.locator("td:nth-child(3)").allInnerTexts().stream().map(text -> text.split(" / "))
                    .mapToDouble(parts -> Double.parseDouble(parts[0]) / Double.parseDouble(parts[1])).toArray();
            for (int i = 1; i < shares.length; i++) {
                assertTrue(shares[i - 1] <= shares[i], "row " + i);
            }
            visit.find("#classes-which").selectOption("unseen");
            assertThat(rows).hasCount(20);
            visit.find("#classes-filter").fill("no such class");
            assertThat(visit.find("#classes-body")).containsText("No class with “no such class” in its name");
        }
    }

    @Test
    void theConfusionMatrixIsReadCellByCell(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            visit.find(".heatmap").hover(new Locator.HoverOptions().setPosition(2, 2));
            assertThat(visit.find("#confusion-reading")).hasText(Pattern.compile(".+: \\d+ of \\d+ images? right \\(\\d+%\\)"));
            visit.find(".heatmap").hover(new Locator.HoverOptions().setPosition(200, 2));
            assertThat(visit.find("#confusion-reading")).hasText(Pattern.compile(".+ taken for .+: \\d+ of \\d+ images? \\(\\d+%\\)"));
            assertThat(visit.find("#confusion-list tbody tr").first()).containsText(Pattern.compile("\\d+ of \\d+"));
        }
    }

    @Test
    void theLastUpdateTellsWhatTheConstraintDid(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            assertThat(visit.find("#learning")).containsText("gcscoop");
            double sum = visit.find(".branch-list strong").allInnerTexts().stream()
                    .mapToDouble(text -> Double.parseDouble(text.replace("%", ""))).sum();
            assertEquals(100, sum, 2, "shares of the branches, each rounded");
            assertThat(visit.find("#loss-reading")).hasText(Pattern.compile("Step \\d+: loss \\d+\\.\\d+, perturbed loss \\d+\\.\\d+"));
        }
    }

    @Test
    void aThumbnailOpensLarger(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            Visits.openVerdictWithImages(visit);
            Locator thumb = visit.find(".verdicts .thumb img").first();
            assertThat(visit.find(".verdicts .thumbs li").first()).containsText("→");
            visit.page().waitForCondition(() -> ((Number) thumb.evaluate("image => image.naturalWidth")).intValue() > 0);
            thumb.click();
            assertThat(visit.find("#image-dialog")).isVisible();
            assertThat(visit.find("#image-dialog-body")).containsText("Candidate says");
            assertTrue(visit.find(".dialog-image").boundingBox().width > 3 * thumb.boundingBox().width);
            visit.page().screenshot(Visit.into("thumbnail"));
            visit.find("#image-dialog button").click();
            assertThat(visit.find("#image-dialog")).isHidden();
        }
    }

    @Test
    void aLostConnectionIsSaidAndTakenUpAgain(ConsoleOnDemo console) throws IOException {
        try (Relay relay = Relay.to(console.address());
                Visit visit = console.open(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null).expecting("net::ERR_")) {
            visit.page().navigate(relay.address().toString());
            assertThat(visit.find("#chip-connection")).hasText("live");
            relay.cut();
            assertThat(visit.find("#chip-connection")).hasText("disconnected", Visits.within(10));
            assertThat(visit.find("#banner")).containsText("Disconnected");
            relay.mend();
            assertThat(visit.find("#chip-connection")).hasText("live", Visits.within(20));
            assertThat(visit.find("#banner")).isHidden();
            assertThat(visit.find("#announcer")).containsText("Connected again.");
        }
    }

    @Test
    void aChosenThemeIsKept(ConsoleOnDemo console) {
        try (Visit visit = console.open(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            Locator body = visit.find("body");
            assertThat(body).hasCSS("background-color", LIGHT_PAGE);
            visit.find("#theme-button").click();
            visit.find("#theme-button").click();
            assertThat(visit.find("#theme-button")).hasText("Theme: dark");
            assertThat(body).hasCSS("background-color", DARK_PAGE);
            visit.page().reload();
            assertThat(body).hasCSS("background-color", DARK_PAGE);
        }
    }

    @Test
    void onlyTheServersOwnFilesAreLetIn(ConsoleOnDemo console) {
        try (Visit visit = console.open(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            Response page = visit.page().navigate(console.address().toString());
            String policy = page.headerValue("content-security-policy");
            assertTrue(policy.contains("default-src 'self'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertEquals("nosniff", page.headerValue("x-content-type-options"));
        }
    }

    @ParameterizedTest
    @CsvSource({"1280, LIGHT", "1280, DARK", "390, LIGHT", "390, DARK"})
    void itFitsItsWindow(int width, ColorScheme scheme, ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(width, scheme, null)) {
            Visits.openVerdictWithImages(visit);
            visit.screenshot("page-%d-%s".formatted(width, scheme.name().toLowerCase(Locale.ROOT)));
            assertEquals(width, visit.page().evaluate("() => document.documentElement.scrollWidth"), "nothing is wider than the window");
        }
    }
}
