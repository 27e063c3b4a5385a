package dev.promptgate.classifier.config;

/** How a request ended; tags the meter of requests. */
public enum RequestOutcome {
    OK, BAD_REQUEST, UNAUTHORISED,
    /** 404, 405, 406: no such thing here. */
    NOT_FOUND, TIMED_OUT,
    /** 409: there are no classes to answer with. */
    NO_CLASSES, TOO_LARGE,
    /** 415: not an image, or of another content type. */
    UNSUPPORTED,
    /** 422: an image or a list of classes that cannot be used. */
    UNUSABLE,
    /** 429 and 503: {@link Overload} tells which bound. */
    OVERLOAD, FAILED,
    /** The client went away before its answer. */
    ABANDONED;

    /** The outcome that a status stands for. */
    public static RequestOutcome of(int status) {
        return switch (status) {
            case 401, 403 -> UNAUTHORISED;
            case 404, 405, 406 -> NOT_FOUND;
            case 408 -> TIMED_OUT;
            case 409 -> NO_CLASSES;
            case 413, 414, 431 -> TOO_LARGE;
            case 415 -> UNSUPPORTED;
            case 422 -> UNUSABLE;
            case 429, 503 -> OVERLOAD;
            default -> status < 400 ? OK : status < 500 ? BAD_REQUEST : FAILED;
        };
    }
}
