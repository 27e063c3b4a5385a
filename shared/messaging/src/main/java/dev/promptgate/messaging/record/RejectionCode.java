package dev.promptgate.messaging.record;

import java.util.Locale;
import java.util.Optional;

/** Why a record was refused; a closed list, so that it can tag a meter. */
public enum RejectionCode {
    /** No bytes in the record's value. */
    EMPTY_VALUE,
    /** A key over the limit of bytes. */
    ID_TOO_LONG, MISSING_LABEL, BLANK_LABEL,
    /** A label over the limit of bytes, or of the text tower's tokens. */
    LABEL_TOO_LONG, MALFORMED_LABEL,
    /** A label with a control character. */
    LABEL_CONTROL_CHARACTER,
    /** A label with the text of a special token. */
    LABEL_SPECIAL_TOKEN,
    /** A {@code split} header that is none of train, held-out, probe. */
    UNKNOWN_SPLIT, NOT_AN_IMAGE, TRUNCATED, TOO_MANY_PIXELS, TOO_MANY_BYTES,
    /** A damaged image, or one of an unsupported kind. */
    UNDECODABLE,
    /** A feature record that is no unit vector of floats. */
    MALFORMED_FEATURE;

    /** The code on the wire, e.g. {@code not-an-image}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The code with that name on the wire. */
    public static Optional<RejectionCode> parse(String wireName) {
        for (RejectionCode code : values()) {
            if (code.wireName().equals(wireName)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
