package dev.promptgate.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which kind of broker tests are to use: the system property {@code promptgate.test.broker}. */
enum BrokerChoice {
    /** A container where that works, else the embedded broker. */
    AUTO,
    /** A container, or the tests fail. */
    CONTAINER,
    EMBEDDED;

    static final String PROPERTY = "promptgate.test.broker";

    static BrokerChoice ofSystemProperty() {
        String value = System.getProperty(PROPERTY, AUTO.text());
        return Arrays.stream(values()).filter(choice -> choice.text().equals(value)).findFirst().orElseThrow(() -> {
            List<String> known = Arrays.stream(values()).map(BrokerChoice::text).toList();
            return new IllegalArgumentException(
                    "Unknown kind of broker [property: %s, value: %s, known: %s]".formatted(PROPERTY, value, known));
        });
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
