package dev.promptgate.classifier.config;

import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;

/** Bounds that a request can meet; tags the meter of overload. Each is answered with Retry-After. */
public enum Overload {
    REQUESTS(429, "Too many requests are in hand; send fewer at once, or try again"), BYTES(503,
            "Too many bytes are in hand; try again"), QUEUE(503, "Too many images wait already; try again"), STARTING(503,
                    "The service is starting: the live prompt is not read yet; try again"), STOPPING(503,
                            "The service is stopping; ask another one");

    private static final String RETRY_AFTER_SECONDS = "1";

    private final Problem problem;

    Overload(int status, String detail) {
        problem = Problem.of(status, detail).with("Retry-After", RETRY_AFTER_SECONDS);
    }

    public ProblemException exception() {
        return problem.exception();
    }
}
