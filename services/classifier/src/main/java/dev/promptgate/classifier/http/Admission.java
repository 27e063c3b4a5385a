package dev.promptgate.classifier.http;

import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.classifier.config.ClassifierMeters.Overload;
import dev.promptgate.classifier.config.ClassifierSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;

/** Bounds what is in hand, requests and bytes, and tells when nothing is left. On the event loop, but for the meters that look. */
public final class Admission {
    public final class Ticket {
        private long bytes;
        private boolean released;

        /** Takes room for bytes that arrived; false if there is none. */
        boolean take(int count) {
            if (Admission.this.bytes + count > maxBytes) {
                meters.increment(ClassifierMeters.OVERLOAD, Overload.BYTES);
                return false;
            }
            bytes += count;
            Admission.this.bytes += count;
            return true;
        }

        void release() {
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
    private final ClassifierMeters meters;
    private final Promise<Void> drained = Promise.promise();
    private volatile int requests;
    private volatile long bytes;
    private boolean closed;

    public Admission(ClassifierSettings settings, ClassifierMeters meters) {
        maxRequests = settings.values().get(ClassifierSettings.MAX_REQUESTS);
        maxBytes = settings.values().get(ClassifierSettings.MAX_IN_FLIGHT_BYTES);
        this.meters = meters;
        meters.gauge(ClassifierMeters.IN_FLIGHT, () -> requests);
        meters.gauge(ClassifierMeters.IN_FLIGHT_BYTES, () -> bytes);
    }

    /** Takes a request in hand; empty if a bound is met, which is counted. */
    Optional<Ticket> admit() {
        if (closed || requests >= maxRequests) {
            meters.increment(ClassifierMeters.OVERLOAD, reason());
            return Optional.empty();
        }
        requests++;
        return Optional.of(new Ticket());
    }

    Overload reason() {
        return closed ? Overload.STOPPING : Overload.REQUESTS;
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
