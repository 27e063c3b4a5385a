package dev.promptgate.consoletest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The gate's buttons: with the token they do what they say, without it nothing. */
@ConsoleTest
class SteeringIT {
    private static final String REFUSED = "status of 401";

    @Test
    void aRollbackNeedsTheToken(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, null)) {
            String live = visit.find("#chip-live").innerText();
            askForRollback(visit, "without a token");
            assertThat(visit.find("#token-dialog")).isVisible();
            visit.find("#token-cancel").click();
            assertThat(visit.find("#gate-outcome")).containsText("Rollback not sent");
            assertThat(visit.find("#chip-live")).hasText(live);
        }
    }

    @Test
    void aWrongTokenIsRefusedAndAnotherAskedFor(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, "wrong").expecting(REFUSED)) {
            String live = visit.find("#chip-live").innerText();
            askForRollback(visit, "with a wrong token");
            assertThat(visit.find("#token-hint")).containsText("does not accept");
            visit.find("#token-cancel").click();
            assertThat(visit.find("#gate-outcome")).containsText("Rollback not sent");
            assertThat(visit.find("#gate-commands")).not().containsText("with a wrong token");
            assertThat(visit.find("#chip-live")).hasText(live);
        }
    }

    @Test
    void aRollbackMakesThePromptBeforeLive(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, console.token())) {
            String live = visit.find("#chip-live").innerText();
            askForRollback(visit, "browser test");
            assertThat(visit.find("#gate-outcome")).hasText(Pattern.compile("Rollback done: .+"), Visits.within(30));
            assertThat(visit.find("#gate-commands")).containsText("browser test");
            visit.page().waitForCondition(() -> !visit.find("#chip-live").innerText().equals(live));
            assertNotEquals(live, visit.find("#chip-live").innerText());
            visit.find("#accuracy-as-table summary").click();
            assertThat(visit.find("#accuracy-table")).containsText("rollback: ");
            assertThat(visit.find("#announcer")).containsText("Rollback done");
            visit.screenshot("after-rollback");
        }
    }

    @Test
    void aPausedGateIsResumed(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.PHONE, ColorScheme.DARK, console.token())) {
            command(visit, "pause", "a pause");
            assertThat(visit.find("#gate-outcome")).containsText("Pause done");
            assertThat(visit.find("#chip-gate")).hasText("gate paused");
            assertThat(visit.find("#gate-pause")).isDisabled();
            command(visit, "resume", "enough");
            assertThat(visit.find("#gate-outcome")).containsText("Resume done");
            assertThat(visit.find("#gate-resume")).isDisabled();
        }
    }

    @Test
    void aReasonIsAskedForAndCancellingSendsNothing(ConsoleOnDemo console) {
        try (Visit visit = console.openFilled(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, console.token())) {
            visit.find("#gate-pause").click();
            assertThat(visit.find("#gate-error")).containsText("Please say why");
            assertThat(visit.find("#gate-reason")).isFocused();
            visit.find("#gate-reason").fill("never sent");
            visit.find("#gate-pause").click();
            visit.find("#confirm-dialog button[value=no]").click();
            assertThat(visit.find("#confirm-dialog")).isHidden();
            assertThat(visit.find("#gate-outcome")).isHidden();
            assertThat(visit.find("#gate-commands")).not().containsText("never sent");
        }
    }

    @Test
    void theTokenLeavesTheAddressAtOnceAndStaysInTheTab(ConsoleOnDemo console) {
        try (Visit visit = console.open(ConsoleOnDemo.LAPTOP, ColorScheme.LIGHT, console.token())) {
            Page page = visit.page();
            assertFalse(page.url().contains("token"), page.url());
            assertThat(visit.find("#token-button")).hasText("Token: set");
            page.reload();
            assertThat(visit.find("#token-button")).hasText("Token: set");
            assertEquals(0, page.evaluate("() => localStorage.length"));
            visit.find("#token-button").click();
            visit.find("#token-forget").click();
            assertThat(visit.find("#token-button")).hasText("Token: none");
        }
    }

    private static void askForRollback(Visit visit, String reason) {
        command(visit, "rollback", reason);
    }

    private static void command(Visit visit, String action, String reason) {
        visit.find("#gate-reason").fill(reason);
        visit.find("#gate-" + action).click();
        visit.find("#confirm-yes").click();
    }
}
