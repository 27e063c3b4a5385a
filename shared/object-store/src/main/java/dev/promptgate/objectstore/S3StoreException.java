package dev.promptgate.objectstore;

import java.io.IOException;

/** What S3 did not do; the message is one line: what is wrong, what to do, bucket and key. Never holds a secret. */
public final class S3StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** No such object or bucket. */
        NOT_FOUND,
        /** Not with these credentials, or there are none. */
        DENIED,
        /** Over the caller's bound. */
        TOO_LARGE,
        /** Any other answer that will stay the same, such as that of another region. */
        REFUSED,
        /** Not reachable, overloaded, too slow or cut off, in every attempt; may go better later. */
        UNAVAILABLE
    }

    private final Kind kind;

    S3StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
