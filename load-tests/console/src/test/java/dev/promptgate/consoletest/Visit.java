package dev.promptgate.consoletest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One visitor's page. What its console says of errors is kept, and closing the visit fails if there was one that nobody expected. */
final class Visit implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final BrowserContext context;
    private final Page page;
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private String expected;

    Visit(BrowserContext context) {
        this.context = context;
        this.page = context.newPage();
        page.setDefaultTimeout(20_000);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                errors.add(message.text());
            }
        });
        page.onPageError(error -> errors.add("uncaught: " + error));
    }

    Page page() {
        return page;
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    /** The browser itself reports refused requests as errors: these words of them are what a test is after. */
    Visit expecting(String words) {
        expected = words;
        return this;
    }

    /** Kept in {@code target/screenshots}, the whole page from its top. */
    void screenshot(String name) {
        page.evaluate("() => window.scrollTo(0, 0)");
        page.screenshot(into(name).setFullPage(true));
    }

    static Page.ScreenshotOptions into(String name) {
        return new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png"));
    }

    /** Fails if the browser has reported an error that was not expected. */
    void assertQuiet() {
        assertEquals(List.of(), errors.stream().filter(error -> expected == null || !error.contains(expected)).toList(),
                "errors in the browser's console");
    }

    @Override
    public void close() {
        context.close();
        assertQuiet();
    }
}
