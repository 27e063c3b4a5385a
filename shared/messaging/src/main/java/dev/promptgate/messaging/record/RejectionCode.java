package dev.promptgate.messaging.record;

/** Why a record was refused; a closed list, so that it can tag a meter. */
public enum RejectionCode implements WireName {
    EMPTY_VALUE,
    /** A key over the limit of bytes. */
    ID_TOO_LONG,
    /** A key with which something is said of a class. */
    RESERVED_ID,
    MISSING_LABEL,
    BLANK_LABEL,
    /** A label over the limit of bytes, or of the text tower's tokens. */
    LABEL_TOO_LONG,
    MALFORMED_LABEL,
    LABEL_CONTROL_CHARACTER,
    LABEL_SPECIAL_TOKEN,
    /** A {@code split} header that is none of train, held-out, probe. */
    UNKNOWN_SPLIT,
    /** A CloudEvent that breaks the rules of CloudEvents. */
    MALFORMED_EVENT,
    /** No URI where one is announced, or several, or an expected size or digest that is none. */
    MALFORMED_REFERENCE,
    /** A scheme, host, address or folder that the settings do not allow. */
    REFERENCE_REFUSED,
    /** Nothing there, or no answer after every attempt. */
    REFERENCE_UNAVAILABLE,
    /** The file has another size or digest than the record says. */
    REFERENCE_MISMATCH,
    NOT_AN_IMAGE,
    /** An image file of a format that is not accepted; the message names it. */
    UNSUPPORTED_FORMAT,
    TRUNCATED,
    TOO_MANY_PIXELS,
    TOO_MANY_BYTES,
    /** Decoding the image takes more memory than there is for all, or filled the heap. */
    OUT_OF_MEMORY,
    /** A damaged image, or one of an unsupported kind. */
    UNDECODABLE,
    /** A feature record that is no unit vector of floats. */
    MALFORMED_FEATURE,
    /** A record that says nothing of a class that could be understood. */
    MALFORMED_CLASS_STATE
}
