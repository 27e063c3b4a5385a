package dev.promptgate.ingest.config;

import dev.promptgate.service.api.Admission;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.OptionalInt;

/** The meters of ingest. Thread-safe. */
public final class IngestMeters extends Meters {
    /** How a request ended; tags the meter of requests. */
    public enum RequestOutcome {
        ACCEPTED,
        REFUSED,
        UNAUTHORISED,
        /** A bound was met, Kafka did not acknowledge, or the service stops. */
        UNAVAILABLE,
        FAILED,
        /** The client went away before its answer. */
        ABANDONED;

        static RequestOutcome of(int status) {
            return switch (status) {
                case 401, 403 -> UNAUTHORISED;
                case 429, 503 -> UNAVAILABLE;
                default -> status < 400 ? ACCEPTED : status < 500 ? REFUSED : FAILED;
            };
        }
    }

    /** What a record asks for; tags the meter of records. */
    public enum RecordKind {
        IMAGE,
        /** An image by its address. */
        REFERENCE,
        ERASURE
    }

    /** What an event of Label Studio came to; tags the meter of events. */
    public enum EventOutcome {
        LABELLED,
        ERASED,
        /** The annotator skipped the task. */
        SKIPPED,
        /** An annotation without a choice that had none before. */
        NO_CHOICE,
        /** An annotation is gone that gave no image its present label. */
        NOT_IN_FORCE,
        /** An event about something else. */
        OTHER
    }

    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec REQUESTS = ALL.counter("promptgate.ingest.requests", "requests, by how they ended", "outcome");
    public static final MeterSpec OVERLOAD = ALL.counter("promptgate.ingest.overload",
            "requests refused for want of room, or while stopping", "cause");
    public static final MeterSpec IN_FLIGHT = ALL.gauge("promptgate.ingest.in-flight", "requests in hand");
    public static final MeterSpec IN_FLIGHT_BYTES = ALL.gauge("promptgate.ingest.in-flight.bytes",
            "bytes of their bodies that have arrived");
    public static final MeterSpec RECORDS = ALL.counter("promptgate.ingest.records",
            "records of labelled-images that Kafka has acknowledged", "kind");
    public static final MeterSpec WRITE_TIME = ALL.timer("promptgate.ingest.write.time", "from sending a record to its acknowledgement");
    public static final MeterSpec WRITE_FAILURES = ALL.counter("promptgate.ingest.write.failures",
            "records that Kafka has not acknowledged; their senders were told so");
    public static final MeterSpec EVENTS = ALL.counter("promptgate.ingest.label-studio.events",
            "annotations and tasks in Label Studio's events, by what they came to", "outcome");

    public IngestMeters(MeterRegistry registry) {
        super(registry);
        counters(REQUESTS, RequestOutcome.class);
        counters(OVERLOAD, Admission.Refusal.class);
        counters(RECORDS, RecordKind.class);
        counters(EVENTS, EventOutcome.class);
        register(List.of(WRITE_TIME, WRITE_FAILURES));
    }

    /** A request ended; without a status if its client went away. */
    public void ended(OptionalInt status) {
        increment(REQUESTS, status.isPresent() ? RequestOutcome.of(status.getAsInt()) : RequestOutcome.ABANDONED);
    }
}
