package dev.promptgate.service.api;

/** Ends a request with a problem document. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail(), null, false, false); // expected and frequent: no stack trace
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
