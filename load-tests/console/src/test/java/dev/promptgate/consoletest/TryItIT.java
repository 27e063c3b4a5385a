package dev.promptgate.consoletest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An image on the page, and what the two prompts make of it. */
@ConsoleTest
class TryItIT {
    private static final String TRANSFER = """
            base64 => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))], 'airplane.jpg', { type: 'image/jpeg' }));
              return transfer;
            }""";

    @Test
    void aDroppedImageIsAnsweredByBothPrompts(ConsoleOnDemo console) throws Exception {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, console.token())) {
            JSHandle transfer = visit.page().evaluateHandle(TRANSFER,
                    Base64.getEncoder().encodeToString(Files.readAllBytes(ConsoleOnDemo.image())));
            visit.find("#try-drop").dispatchEvent("drop", Map.of("dataTransfer", transfer));
            assertThat(visit.find("#try-outcome")).hasText(Pattern.compile("Live prompt: .+, [0-9.]+%\\. Hand-written: .+, [0-9.]+%\\."));
            for (String prompt : new String[] {"live", "zero-shot"}) {
                List<Double> shares = visit.find(".bars[data-prompt=%s] .bar-value".formatted(prompt)).allInnerTexts().stream()
                        .map(text -> Double.parseDouble(text.replace("%", ""))).toList();
                assertEquals(5, shares.size(), prompt);
                assertEquals(shares.stream().sorted((a, b) -> Double.compare(b, a)).toList(), shares, "the likeliest first");
                assertTrue(shares.get(0) > 20, "more than a guess among 100 classes: " + shares);
            }
            String version = visit.find("#chip-live").innerText().replace("live: ", "");
            assertThat(visit.find(".bars[data-prompt=live] h3")).containsText(version);
            assertThat(visit.find("#try-result canvas")).isVisible();
            visit.screenshot("classified");
        }
    }

    @Test
    void whatIsNoImageIsRefusedInWords(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.PHONE, ColorScheme.LIGHT, console.token())
                .expecting("the server responded with a status of 4")) {
            visit.find("#try-file")
                    .setInputFiles(new FilePayload("notes.jpg", "image/jpeg", "no picture".getBytes(StandardCharsets.UTF_8)));
            assertThat(visit.find("#try-outcome[data-state=bad]")).not().isEmpty();
            assertThat(visit.find(".bars")).hasCount(0);
        }
    }

    @Test
    void withoutTheTokenItIsAskedForAndThenAnswered(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.PHONE, ColorScheme.DARK, null)) {
            visit.find("#try-file").setInputFiles(ConsoleOnDemo.image());
            assertThat(visit.find("#token-hint")).containsText("Classifying needs the token");
            visit.find("#token-input").fill(console.token());
            visit.page().keyboard().press("Enter");
            assertThat(visit.find(".bars")).hasCount(2);
        }
    }
}
