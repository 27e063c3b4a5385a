package dev.promptgate.classifier.config;

/** How a request ended; tags the meter of requests. */
public enum RequestOutcome {
    OK, BAD_REQUEST, UNAUTHORISED, NOT_FOUND, TIMED_OUT, NO_CLASSES, TOO_LARGE, UNSUPPORTED, UNUSABLE, OVERLOAD, FAILED,
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
