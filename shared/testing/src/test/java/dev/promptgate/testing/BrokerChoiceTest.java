package dev.promptgate.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerChoiceTest {
    private final String before = System.getProperty(BrokerChoice.PROPERTY);

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(BrokerChoice.PROPERTY);
        } else {
            System.setProperty(BrokerChoice.PROPERTY, before);
        }
    }

    @Test
    void isAutoWhereNothingIsSaid() {
        System.clearProperty(BrokerChoice.PROPERTY);
        assertEquals(BrokerChoice.AUTO, BrokerChoice.ofSystemProperty());
    }

    @Test
    void isWhatThePropertySays() {
        System.setProperty(BrokerChoice.PROPERTY, "container");
        assertEquals(BrokerChoice.CONTAINER, BrokerChoice.ofSystemProperty());
    }

    @Test
    void anUnknownKindIsRefusedWithTheKnownOnes() {
        System.setProperty(BrokerChoice.PROPERTY, "docker");
        String message = assertThrows(IllegalArgumentException.class, BrokerChoice::ofSystemProperty).getMessage();
        assertEquals("Unknown kind of broker [property: promptgate.test.broker, value: docker, known: [auto, container, embedded]]",
                message);
    }
}
