package dev.promptgate.cli.demo;

import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The token of a demo to which the user gave none: drawn anew at every start, and shown, since it opens nothing but what runs on this
 * machine for as long
 * as the demo does.
 */
final class DemoToken {
    private static final int BYTES = 18;

    private final String drawn;

    DemoToken() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        drawn = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The token where the user gives none. */
    String drawn() {
        return drawn;
    }

    /** What follows the console's address so that the page has the token; a token that the user gave is not shown. */
    String fragment(SettingsValues values) {
        return new ApiSettings(values).token().equals(Optional.of(drawn)) ? "/#token=" + drawn : "/";
    }
}
