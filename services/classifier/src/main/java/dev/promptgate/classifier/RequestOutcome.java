package dev.promptgate.classifier;

/** How a request ended; tags the meter of requests. */
public enum RequestOutcome {
    /** Answered. */
    OK,
    /** 400: not understood. */
    BAD_REQUEST,
    /** 401: without the token. */
    UNAUTHORISED,
    /** 404, 405, 406: no such thing here. */
    NOT_FOUND,
    /** 408: arrived too slowly. */
    TIMED_OUT,
    /** 409: there are no classes to answer with. */
    NO_CLASSES,
    /** 413: larger than the limits. */
    TOO_LARGE,
    /** 415: not an image, or of another content type. */
    UNSUPPORTED,
    /** 422: an image or a list of classes that cannot be used. */
    UNUSABLE,
    /** 429 and 503: {@link Overload} tells which bound. */
    OVERLOAD,
    /** 5xx: the service's fault. */
    FAILED,
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
