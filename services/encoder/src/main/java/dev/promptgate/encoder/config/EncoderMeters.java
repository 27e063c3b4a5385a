package dev.promptgate.encoder.config;

import dev.promptgate.clip.pipeline.PipelineMeters;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterKind;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** The encoder's meters. Thread-safe. */
public final class EncoderMeters {
    private static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec IMAGES = ALL.counter("promptgate.encoder.images", "images encoded and committed");
    public static final MeterSpec REJECTED = ALL.counter("promptgate.encoder.rejected", "records sent to rejected-images, by error code",
            "code");
    public static final MeterSpec BATCH_SIZE = ALL
            .add(new MeterSpec("promptgate.encoder.batch.size", MeterKind.SUMMARY, "images encoded together"));
    public static final MeterSpec QUEUE_TIME = ALL.timer("promptgate.encoder.queue.time", "wait of a decoded image for its batch");
    public static final MeterSpec DECODE_TIME = ALL.timer("promptgate.encoder.decode.time", "decoding and preprocessing of an image");
    public static final MeterSpec ENCODE_TIME = ALL.timer("promptgate.encoder.encode.time", "CLIP's image tower on a batch");
    public static final MeterSpec TRANSACTION_TIME = ALL.timer("promptgate.encoder.transaction.time",
            "a Kafka transaction of features, rejections and offsets");
    public static final MeterSpec ABORTED = ALL.counter("promptgate.encoder.transactions.aborted",
            "transactions aborted; their records are read again");
    public static final MeterSpec OVERLOAD = ALL.counter("promptgate.encoder.overload",
            "times partitions were paused because too much was in flight");
    public static final MeterSpec IN_FLIGHT = ALL.gauge("promptgate.encoder.in-flight", "records read and not yet committed");
    public static final MeterSpec IN_FLIGHT_BYTES = ALL.gauge("promptgate.encoder.in-flight.bytes", "their size, bytes");
    public static final MeterSpec REBALANCES = ALL.counter("promptgate.encoder.rebalances",
            "times partitions were taken away from this encoder");
    public static final MeterSpec LAG = ALL.gauge("promptgate.encoder.lag", "records of the assigned partitions not yet read");

    private final MeterRegistry registry;
    private final Meters meters;
    private final PipelineMeters pipeline;

    public EncoderMeters(MeterRegistry registry) {
        this.registry = registry;
        meters = new Meters(registry);
        pipeline = new PipelineMeters(meters.nanoseconds(DECODE_TIME), meters.nanoseconds(QUEUE_TIME), meters.summary(BATCH_SIZE)::record,
                meters.nanoseconds(ENCODE_TIME));
        meters.counters(REJECTED, RejectionCode.class);
        meters.register(all());
        inFlight(0, 0);
        lag(0);
    }

    public MeterRegistry registry() {
        return registry;
    }

    public static List<MeterSpec> all() {
        return ALL.all();
    }

    /** Those of decoding, batching and encoding. */
    public PipelineMeters pipeline() {
        return pipeline;
    }

    public void committed(int encoded, List<RejectionCode> rejections, long nanos) {
        meters.counter(IMAGES).increment(encoded);
        rejections.forEach(code -> meters.increment(REJECTED, code));
        meters.time(TRANSACTION_TIME, nanos);
    }

    public void aborted() {
        meters.increment(ABORTED);
    }

    public void overload() {
        meters.increment(OVERLOAD);
    }

    public void rebalance() {
        meters.increment(REBALANCES);
    }

    public void inFlight(long records, long bytes) {
        meters.set(IN_FLIGHT, records);
        meters.set(IN_FLIGHT_BYTES, bytes);
    }

    public void lag(long records) {
        meters.set(LAG, records);
    }
}
