package dev.promptgate.consoletest;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;

/** Steps that several tests take. */
final class Visits {
    private Visits() {}

    /** Opens the verdicts one after the other until one has images that changed their answer. */
    static void openVerdictWithImages(Visit visit) {
        Locator verdicts = visit.find(".verdicts details");
        for (int i = 0; i < verdicts.count(); i++) {
            Locator verdict = verdicts.nth(i);
            verdict.locator("summary").click();
            verdict.locator(".changed").first().waitFor();
            if (verdict.locator(".thumb img").count() > 0) {
                return;
            }
            verdict.locator("summary").click();
        }
        throw new AssertionError("No verdict with images that changed their answer, of " + verdicts.count());
    }

    static LocatorAssertions.HasTextOptions within(int seconds) {
        return new LocatorAssertions.HasTextOptions().setTimeout(1000.0 * seconds);
    }
}
