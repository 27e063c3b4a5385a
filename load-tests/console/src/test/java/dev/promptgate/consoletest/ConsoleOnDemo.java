package dev.promptgate.consoletest;

import com.microsoft.playwright.options.ColorScheme;
import dev.promptgate.cli.DemoRun;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A demo with its console and a browser, once for the tests of a JVM. A first visitor comes before the demo has pushed an image, and stays;
 * when the tests start, the demo has played its stream. With the system property {@code console.address}, say
 * {@code http://127.0.0.1:8081/#token=...}, a console that runs already is visited instead, and the first visitor comes late.
 */
final class ConsoleOnDemo implements AutoCloseable {
    static final int LAPTOP = 1280;
    static final int PHONE = 390;

    private final Path directory;
    private final DemoRun demo;
    private final URI address;
    private final String token;
    private final HeadlessChromium chromium;
    private final Visit first;
    private final String verdictsAtFirst;

    private ConsoleOnDemo(Path directory, DemoRun demo, URI address, String token, HeadlessChromium chromium) {
        this.directory = directory;
        this.demo = demo;
        this.address = address;
        this.token = token;
        this.chromium = chromium;
        this.first = open(LAPTOP, ColorScheme.LIGHT, null);
        this.verdictsAtFirst = first.find("#verdicts-body").innerText();
        first.page().evaluate("() => { window.sameDocument = true; }");
    }

    static ConsoleOnDemo start() throws IOException {
        String running = System.getProperty("console.address", "");
        if (!running.isEmpty()) {
            URI given = URI.create(running);
            return new ConsoleOnDemo(null, null, given.resolve("/"), given.getFragment().replaceFirst("^token=", ""),
                    HeadlessChromium.start());
        }
        Path directory = Files.createTempDirectory("promptgate-console");
        DemoRun demo = DemoRun.start(directory, "#token=", Map.of()); // that is printed before the first image is pushed
        ConsoleOnDemo console = new ConsoleOnDemo(directory, demo, URI.create(demo.find("(http://\\S+/)#token=")),
                demo.find("#token=(\\S+)"), HeadlessChromium.start());
        demo.awaitPlayed();
        return console;
    }

    /** A new visitor, with that token or, if null, without one, who sees that the page is connected. */
    Visit open(int width, ColorScheme scheme, String withToken) {
        Visit visit = chromium.visit(width, scheme);
        visit.page().navigate(address + (withToken == null ? "" : "#token=" + withToken));
        visit.find("#chip-connection[data-state=good]").waitFor();
        return visit;
    }

    /** One who also sees verdicts and accuracies. */
    Visit openFilled(int width, ColorScheme scheme, String withToken) {
        Visit visit = open(width, scheme, withToken);
        visit.find(".verdicts summary").first().waitFor();
        visit.find("#accuracy-chart canvas").waitFor();
        return visit;
    }

    /** The one who came first and never reloaded. */
    Visit first() {
        return first;
    }

    /** What the first visitor saw in place of verdicts when it came. */
    String verdictsAtFirst() {
        return verdictsAtFirst;
    }

    boolean startedHere() {
        return demo != null;
    }

    URI address() {
        return address;
    }

    String token() {
        return token;
    }

    /** The demo's Kafka, where it was started here. */
    String bootstrapServers() {
        return demo.find("Kafka at ([^\\s,]+)");
    }

    /** An image of the bundled stream. */
    static Path image() {
        return Path.of("../../shared/bundled-model/src/main/resources/dev/promptgate/bundled/sample-stream/images/airplane-emojione-0.jpg");
    }

    @Override
    public void close() throws Exception {
        try {
            first.close();
        } finally {
            chromium.close();
            if (demo != null) {
                demo.close();
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }
}
