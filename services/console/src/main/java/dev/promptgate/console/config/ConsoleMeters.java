package dev.promptgate.console.config;

import dev.promptgate.service.metrics.MeterKind;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The console's meters. Thread-safe. */
public final class ConsoleMeters {
    /** What became of a request for a thumbnail. */
    public enum ThumbnailOutcome {
        CACHED, MADE,
        /** The record is gone, or never was. */
        NOT_FOUND,
        /** The record is no image that can be shown. */
        NOT_AN_IMAGE,
        /** Too many were asked for at once. */
        OVERLOAD,
        /** Kafka did not give the record. */
        FAILED
    }

    public enum CommandOutcome {
        SENT, INVALID,
        /** It came without the token, or no token is set. */
        UNAUTHORISED, FAILED
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

    public static final MeterSpec CLIENTS = new MeterSpec("promptgate.console.clients", MeterKind.GAUGE, "pages that are kept up to date");
    public static final MeterSpec DROPPED = new MeterSpec("promptgate.console.clients.dropped", MeterKind.COUNTER, List.of("reason"),
            "pages let go because they did not read what was sent, or refused because there were too many");
    public static final MeterSpec THUMBNAILS = new MeterSpec("promptgate.console.thumbnails", MeterKind.COUNTER, List.of("outcome"),
            "requests for a thumbnail, by outcome");
    public static final MeterSpec COMMANDS = new MeterSpec("promptgate.console.commands", MeterKind.COUNTER, List.of("outcome"),
            "commands to the gate, by outcome");
    public static final MeterSpec CLASSIFIED = new MeterSpec("promptgate.console.classified", MeterKind.COUNTER, List.of("outcome"),
            "images passed on to the classifier, by outcome");
    public static final MeterSpec UNUSABLE = new MeterSpec("promptgate.console.unusable", MeterKind.COUNTER, List.of("source"),
            "records that could not be shown, or not be trusted, by topic");

    private final MeterRegistry registry;
    private final AtomicInteger clients = new AtomicInteger();
    private final Map<DropReason, Counter> dropped;
    private final Map<ThumbnailOutcome, Counter> thumbnails;
    private final Map<CommandOutcome, Counter> commands;
    private final Map<ClassifyOutcome, Counter> classified;
    private final Map<Source, Counter> unusable;

    public ConsoleMeters(MeterRegistry registry) {
        this.registry = registry;
        Meters meters = new Meters(registry);
        meters.gauge(CLIENTS, clients::get);
        dropped = meters.counters(DROPPED, DropReason.class);
        thumbnails = meters.counters(THUMBNAILS, ThumbnailOutcome.class);
        commands = meters.counters(COMMANDS, CommandOutcome.class);
        classified = meters.counters(CLASSIFIED, ClassifyOutcome.class);
        unusable = meters.counters(UNUSABLE, Source.class);
    }

    public static List<MeterSpec> all() {
        return List.of(CLIENTS, DROPPED, THUMBNAILS, COMMANDS, CLASSIFIED, UNUSABLE);
    }

    public MeterRegistry registry() {
        return registry;
    }

    public void clients(int connected) {
        clients.set(connected);
    }

    /** A page was let go or refused. */
    public void dropped(DropReason reason) {
        dropped.get(reason).increment();
    }

    public void thumbnail(ThumbnailOutcome outcome) {
        thumbnails.get(outcome).increment();
    }

    public void command(CommandOutcome outcome) {
        commands.get(outcome).increment();
    }

    /** An image was sent here to be classified. */
    public void classified(ClassifyOutcome outcome) {
        classified.get(outcome).increment();
    }

    /** A record of a topic cannot be shown. */
    public void unusable(Source source) {
        unusable.get(source).increment();
    }
}
