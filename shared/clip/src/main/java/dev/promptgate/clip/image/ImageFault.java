package dev.promptgate.clip.image;

import java.util.Locale;

/** Why an image file was refused. */
public enum ImageFault {
    EMPTY, TOO_MANY_BYTES, NOT_AN_IMAGE,
    /** The header announces more pixels than the limit; nothing was decoded. */
    TOO_MANY_PIXELS, TRUNCATED,
    /** A known format, but damaged or of a kind that cannot be decoded. */
    UNDECODABLE;

    /** The error code on the wire, e.g. {@code not-an-image}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
