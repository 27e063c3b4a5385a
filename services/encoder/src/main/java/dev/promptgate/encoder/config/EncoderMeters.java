package dev.promptgate.encoder.config;

import dev.promptgate.clip.pipeline.PipelineMeters;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** The encoder's meters. Thread-safe. */
public final class EncoderMeters extends Meters {
    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec IMAGES = ALL.counter("promptgate.encoder.images", "images encoded and committed");
    public static final MeterSpec ERASED = ALL.counter("promptgate.encoder.erased",
            "records without a value whose images were taken back from image-features");
    public static final MeterSpec REJECTED = ALL.counter("promptgate.encoder.rejected", "records sent to rejected-images, by error code",
            "code");
    public static final MeterSpec LOST = ALL.counter("promptgate.encoder.lost",
            "records of labelled-images that retention deleted before they were read");
    public static final MeterSpec STUCK = ALL.gauge("promptgate.encoder.stuck-partitions",
            "assigned partitions that cannot be read, mostly since a transaction that would commit their offset does not end");
    public static final MeterSpec BATCH_SIZE = ALL
            .add(new MeterSpec("promptgate.encoder.batch.size", MeterSpec.Kind.SUMMARY, "images encoded together"));
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

    private final PipelineMeters pipeline;

    public EncoderMeters(MeterRegistry registry) {
        super(registry);
        pipeline = new PipelineMeters(nanoseconds(DECODE_TIME), nanoseconds(QUEUE_TIME), summary(BATCH_SIZE)::record,
                nanoseconds(ENCODE_TIME));
        counters(REJECTED, RejectionCode.class);
        register(ALL.all());
        inFlight(0, 0);
        set(LAG, 0);
    }

    /** Those of decoding, batching and encoding. */
    public PipelineMeters pipeline() {
        return pipeline;
    }

    public void committed(int encoded, int erased, List<RejectionCode> rejections, long nanos) {
        counter(IMAGES).increment(encoded);
        counter(ERASED).increment(erased);
        rejections.forEach(code -> increment(REJECTED, code));
        time(TRANSACTION_TIME, nanos);
    }

    public void lost(long records) {
        counter(LOST).increment(records);
    }

    public void inFlight(long records, long bytes) {
        set(IN_FLIGHT, records);
        set(IN_FLIGHT_BYTES, bytes);
    }
}
