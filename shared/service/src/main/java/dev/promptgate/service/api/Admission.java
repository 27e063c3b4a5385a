package dev.promptgate.service.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Consumer;

/** Bounds what is in hand, requests and bytes, and tells when nothing is left. On the event loop, but for what meters ask. */
public final class Admission {
    /** A bound that a request meets; answered with Retry-After. */
    public enum Refusal {
        REQUESTS(429, "Too many requests are in hand; send fewer at once, or try again"),
        BYTES(503,
                "Too many bytes are in hand; try again"),
        STOPPING(503,
                "The service is stopping; ask another one");

        private static final String RETRY_AFTER_SECONDS = "1";

        private final Problem problem;

        Refusal(int status, String detail) {
            problem = Problem.of(status, detail).with("Retry-After", RETRY_AFTER_SECONDS);
        }

        public Problem problem() {
            return problem;
        }
    }

    /** What one request holds; its holder releases it when the answer is out. */
    public final class Ticket {
        private long bytes;
        private boolean released;

        /** Takes room for bytes that arrived; false if there is none. */
        boolean take(int count) {
            if (Admission.this.bytes + count > maxBytes) {
                onRefusal.accept(Refusal.BYTES);
                return false;
            }
            bytes += count;
            Admission.this.bytes += count;
            return true;
        }

        /** Gives back what was taken; a second call does nothing. */
        public void release() {
            if (!released) {
                released = true;
                Admission.this.bytes -= bytes;
                requests--;
                completeIfDrained();
            }
        }
    }

    private final int maxRequests;
    private final long maxBytes;
    private final Consumer<Refusal> onRefusal;
    private final Promise<Void> drained = Promise.promise();
    private volatile int requests;
    private volatile long bytes;
    private boolean closed;

    /** @param onRefusal counts what was refused */
    public Admission(int maxRequests, long maxBytes, Consumer<Refusal> onRefusal) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
        this.onRefusal = onRefusal;
    }

    /** Takes a request in hand; a {@link ProblemException} if a bound is met. */
    public Ticket admit() {
        if (closed || requests >= maxRequests) {
            Refusal refusal = closed ? Refusal.STOPPING : Refusal.REQUESTS;
            onRefusal.accept(refusal);
            throw refusal.problem().exception();
        }
        requests++;
        return new Ticket();
    }

    /** Requests in hand; from any thread, like their bytes. */
    public int requests() {
        return requests;
    }

    public long bytes() {
        return bytes;
    }

    /** Admits nothing more; completes when what was admitted is answered. */
    public Future<Void> close() {
        closed = true;
        completeIfDrained();
        return drained.future();
    }

    private void completeIfDrained() {
        if (closed && requests == 0) {
            drained.tryComplete();
        }
    }
}
