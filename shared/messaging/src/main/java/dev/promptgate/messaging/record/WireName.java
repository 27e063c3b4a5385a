package dev.promptgate.messaging.record;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** A constant of an enum that is named in records, meters and answers: in lower case, its words joined by hyphens. */
public interface WireName {
    String name();

    /** The name on the wire, e.g. {@code held-out}. */
    @JsonValue
    default String wireName() {
        return of((Enum<?>) this);
    }

    /** The name of a constant whose enum does not say so itself. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> Optional<E> parse(Class<E> type, String wireName) {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equals(wireName)) {
                return Optional.of(constant);
            }
        }
        return Optional.empty();
    }
}
