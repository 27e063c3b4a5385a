package dev.promptgate.consoletest;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The system's Chromium without a window, and without the requests that browsers make on their own. Of one thread, as Playwright is;
 * whoever starts it closes it.
 */
final class HeadlessChromium implements AutoCloseable {
    private static final List<String> ALONE = List.of("--no-sandbox", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--no-first-run", "--disable-quic");
    private static final int HEIGHT = 844;

    private final Playwright playwright;
    private final Browser browser;

    private HeadlessChromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static HeadlessChromium start() {
        Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Path executable = Path.of(System.getProperty("console.chromium", "/usr/bin/chromium"));
        return new HeadlessChromium(playwright, playwright.chromium()
                .launch(new BrowserType.LaunchOptions().setExecutablePath(executable).setHeadless(true).setArgs(ALONE)));
    }

    /** A visitor with an empty storage, whose page has not gone anywhere yet. */
    Visit visit(int width, ColorScheme scheme) {
        return new Visit(browser.newContext(new Browser.NewContextOptions().setViewportSize(width, HEIGHT).setColorScheme(scheme)
                .setReducedMotion(ReducedMotion.REDUCE)));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
