package dev.promptgate.classifier.config;

import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;

/** Bounds that a request can meet; tags the meter of overload. Each is answered with Retry-After. */
public enum Overload {
    REQUESTS(429, "Too many requests are in hand; send fewer at once, or try again"),
    /** Their bodies together are too large. */
    BYTES(503, "Too many bytes are in hand; try again"),
    /** Too many images wait to be encoded. */
    QUEUE(503, "Too many images wait already; try again"),
    /** The service has not read the live prompt yet. */
    STARTING(503, "The service is starting: the live prompt is not read yet; try again"),
    /** The service is told to stop, and answers what it has in hand only. */
    STOPPING(503, "The service is stopping; ask another one");

    private static final String RETRY_AFTER_SECONDS = "1";

    private final Problem problem;

    Overload(int status, String detail) {
        problem = Problem.of(status, detail).with("Retry-After", RETRY_AFTER_SECONDS);
    }

    public ProblemException exception() {
        return problem.exception();
    }

    /** Whether a failure is of this kind. */
    public boolean is(Throwable failure) {
        return failure instanceof ProblemException e && e.problem() == problem;
    }
}
