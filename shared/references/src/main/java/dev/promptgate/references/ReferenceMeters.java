package dev.promptgate.references;

import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;

/** What fetching images costs and comes to. Thread-safe. */
public final class ReferenceMeters extends Meters {
    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec FETCHES = ALL.counter("promptgate.references.fetches", "images fetched, or why not", "scheme", "outcome");
    public static final MeterSpec FETCH_TIME = ALL.timer("promptgate.references.fetch.time", "fetching an image, all attempts together");
    public static final MeterSpec RETRIES = ALL.counter("promptgate.references.retries", "attempts after the first one");

    enum Outcome implements WireName {
        FETCHED, REFUSED, UNAVAILABLE, MISMATCH, TOO_LARGE;

        static Outcome of(RejectionCode code) {
            return switch (code) {
                case REFERENCE_REFUSED -> REFUSED;
                case REFERENCE_MISMATCH -> MISMATCH;
                case TOO_MANY_BYTES -> TOO_LARGE;
                default -> UNAVAILABLE;
            };
        }
    }

    public ReferenceMeters(MeterRegistry registry) {
        super(registry);
        for (ReferenceScheme scheme : ReferenceScheme.values()) {
            for (Outcome outcome : Outcome.values()) {
                counter(FETCHES, scheme, outcome);
            }
        }
        register(ALL.all());
    }
}
