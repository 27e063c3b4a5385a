package dev.promptgate.console.config;

import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;

/** The console's meters. Thread-safe. */
public final class ConsoleMeters extends Meters {
    /** What became of a request for a thumbnail. */
    public enum ThumbnailOutcome {
        CACHED,
        MADE,
        /** The record is gone, or never was. */
        NOT_FOUND,
        /** The image was erased. */
        ERASED,
        /** The record is no image that can be shown. */
        NOT_AN_IMAGE,
        /** The record only refers to the image. */
        ELSEWHERE,
        /** Too many were asked for at once. */
        OVERLOAD,
        /** Kafka did not give the record. */
        FAILED
    }

    public enum CommandOutcome {
        SENT,
        INVALID,
        /** It came without the token, or no token is set. */
        UNAUTHORISED,
        FAILED
    }

    /** What became of an image to classify. */
    public enum ClassifyOutcome {
        /** The classifier answered, if only to refuse it. */
        ANSWERED, OVERLOAD, FAILED
    }

    /** Why a page is not kept up to date any more. */
    public enum DropReason {
        /** It did not read what was sent. */
        SLOW, OVERLOAD
    }

    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec CLIENTS = ALL.gauge("promptgate.console.clients", "pages that are kept up to date");
    public static final MeterSpec DROPPED = ALL.counter("promptgate.console.clients.dropped",
            "pages let go because they did not read what was sent, or refused because there were too many", "reason");
    public static final MeterSpec THUMBNAILS = ALL.counter("promptgate.console.thumbnails", "requests for a thumbnail, by outcome",
            "outcome");
    public static final MeterSpec COMMANDS = ALL.counter("promptgate.console.commands", "commands to the gate, by outcome", "outcome");
    public static final MeterSpec CLASSIFIED = ALL.counter("promptgate.console.classified",
            "images passed on to the classifier, by outcome", "outcome");
    public static final MeterSpec UNUSABLE = ALL.counter("promptgate.console.unusable",
            "records that could not be shown, or not be trusted, by topic", "source");

    public ConsoleMeters(MeterRegistry registry) {
        super(registry);
        set(CLIENTS, 0);
        counters(DROPPED, DropReason.class);
        counters(THUMBNAILS, ThumbnailOutcome.class);
        counters(COMMANDS, CommandOutcome.class);
        counters(CLASSIFIED, ClassifyOutcome.class);
        counters(UNUSABLE, Source.class);
    }
}
