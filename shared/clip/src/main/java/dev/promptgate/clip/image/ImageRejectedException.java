package dev.promptgate.clip.image;

import java.util.Locale;

/** An image file that cannot be used; the message is one line. */
public final class ImageRejectedException extends Exception {
    /** Why an image file was refused. */
    public enum Fault {
        EMPTY,
        TOO_MANY_BYTES,
        NOT_AN_IMAGE,
        /** A file of a known format that is not accepted; the message names it. */
        UNSUPPORTED_FORMAT,
        /** The header announces more pixels than the limit; nothing was decoded. */
        TOO_MANY_PIXELS,
        /** Decoding it takes more memory than there is for all images, or filled the heap. */
        OUT_OF_MEMORY,
        TRUNCATED,
        /** An accepted format, but damaged or of a kind that cannot be decoded. */
        UNDECODABLE;

        /** The error code on the wire, e.g. {@code not-an-image}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final long serialVersionUID = 1L;

    private final Fault fault;

    /** @param message what is wrong and what to do */
    public ImageRejectedException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    /** With the failure it stems from. */
    public ImageRejectedException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
