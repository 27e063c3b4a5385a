package dev.promptgate.encoder.config;

import dev.promptgate.clip.pipeline.PipelineMeters;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.service.metrics.MeterKind;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The encoder's meters. Thread-safe. */
public final class EncoderMeters {
    public static final MeterSpec IMAGES = new MeterSpec("promptgate.encoder.images", MeterKind.COUNTER, "images encoded and committed");
    public static final MeterSpec REJECTED = new MeterSpec("promptgate.encoder.rejected", MeterKind.COUNTER, List.of("code"),
            "records sent to rejected-images, by error code");
    public static final MeterSpec BATCH_SIZE = new MeterSpec("promptgate.encoder.batch.size", MeterKind.SUMMARY, "images encoded together");
    public static final MeterSpec QUEUE_TIME = new MeterSpec("promptgate.encoder.queue.time", MeterKind.TIMER,
            "wait of a decoded image for its batch");
    public static final MeterSpec DECODE_TIME = new MeterSpec("promptgate.encoder.decode.time", MeterKind.TIMER,
            "decoding and preprocessing of an image");
    public static final MeterSpec ENCODE_TIME = new MeterSpec("promptgate.encoder.encode.time", MeterKind.TIMER,
            "CLIP's image tower on a batch");
    public static final MeterSpec TRANSACTION_TIME = new MeterSpec("promptgate.encoder.transaction.time", MeterKind.TIMER,
            "a Kafka transaction of features, rejections and offsets");
    public static final MeterSpec ABORTED = new MeterSpec("promptgate.encoder.transactions.aborted", MeterKind.COUNTER,
            "transactions aborted; their records are read again");
    public static final MeterSpec OVERLOAD = new MeterSpec("promptgate.encoder.overload", MeterKind.COUNTER,
            "times partitions were paused because too much was in flight");
    public static final MeterSpec IN_FLIGHT = new MeterSpec("promptgate.encoder.in-flight", MeterKind.GAUGE,
            "records read and not yet committed");
    public static final MeterSpec IN_FLIGHT_BYTES = new MeterSpec("promptgate.encoder.in-flight.bytes", MeterKind.GAUGE,
            "their size, bytes");
    public static final MeterSpec REBALANCES = new MeterSpec("promptgate.encoder.rebalances", MeterKind.COUNTER,
            "times partitions were taken away from this encoder");
    public static final MeterSpec LAG = new MeterSpec("promptgate.encoder.lag", MeterKind.GAUGE,
            "records of the assigned partitions not yet read");

    private final MeterRegistry registry;
    private final Counter images;
    private final Map<RejectionCode, Counter> rejected;
    private final PipelineMeters pipeline;
    private final Timer transactionTime;
    private final Counter aborted;
    private final Counter overload;
    private final Counter rebalances;
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong inFlightBytes = new AtomicLong();
    private final AtomicLong lag = new AtomicLong();

    public EncoderMeters(MeterRegistry registry) {
        this.registry = registry;
        Meters meters = new Meters(registry);
        images = meters.counter(IMAGES);
        rejected = meters.counters(REJECTED, RejectionCode.class);
        pipeline = new PipelineMeters(meters.nanoseconds(DECODE_TIME), meters.nanoseconds(QUEUE_TIME), meters.summary(BATCH_SIZE)::record,
                meters.nanoseconds(ENCODE_TIME));
        transactionTime = meters.timer(TRANSACTION_TIME);
        aborted = meters.counter(ABORTED);
        overload = meters.counter(OVERLOAD);
        rebalances = meters.counter(REBALANCES);
        meters.gauge(IN_FLIGHT, inFlight::get);
        meters.gauge(IN_FLIGHT_BYTES, inFlightBytes::get);
        meters.gauge(LAG, lag::get);
    }

    public MeterRegistry registry() {
        return registry;
    }

    public static List<MeterSpec> all() {
        return List.of(IMAGES, REJECTED, BATCH_SIZE, QUEUE_TIME, DECODE_TIME, ENCODE_TIME, TRANSACTION_TIME, ABORTED, OVERLOAD, IN_FLIGHT,
                IN_FLIGHT_BYTES, REBALANCES, LAG);
    }

    /** Those of decoding, batching and encoding. */
    public PipelineMeters pipeline() {
        return pipeline;
    }

    public void committed(int encoded, List<RejectionCode> rejections, long nanos) {
        images.increment(encoded);
        rejections.forEach(code -> rejected.get(code).increment());
        transactionTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    public void aborted() {
        aborted.increment();
    }

    public void overload() {
        overload.increment();
    }

    public void rebalance() {
        rebalances.increment();
    }

    public void inFlight(long records, long bytes) {
        inFlight.set(records);
        inFlightBytes.set(bytes);
    }

    public void lag(long records) {
        lag.set(records);
    }
}
