package dev.promptgate.classifier.config;

import dev.promptgate.clip.pipeline.PipelineMeters;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.Refusal;
import dev.promptgate.service.metrics.MeterKind;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The classifier's meters. Thread-safe. */
public final class ClassifierMeters {
    public static final MeterSpec PROMPT = new MeterSpec("promptgate.classifier.prompt", MeterKind.GAUGE, List.of("prompt_name"),
            "always 1; the tag says which prompt this classifier follows");
    public static final MeterSpec REQUESTS = new MeterSpec("promptgate.classifier.requests", MeterKind.COUNTER, List.of("outcome"),
            "requests, by how they ended");
    public static final MeterSpec REQUEST_TIME = new MeterSpec("promptgate.classifier.request.time", MeterKind.HISTOGRAM,
            "from a classification's request line to its answer");
    public static final MeterSpec OVERLOAD = new MeterSpec("promptgate.classifier.overload", MeterKind.COUNTER, List.of("cause"),
            "requests and images of batches refused for want of room, or while starting or stopping");
    public static final MeterSpec IN_FLIGHT = new MeterSpec("promptgate.classifier.in-flight", MeterKind.GAUGE, "requests in hand");
    public static final MeterSpec IN_FLIGHT_BYTES = new MeterSpec("promptgate.classifier.in-flight.bytes", MeterKind.GAUGE,
            "bytes of their bodies that have arrived");
    public static final MeterSpec QUEUE = new MeterSpec("promptgate.classifier.queue", MeterKind.GAUGE,
            "decoded images that wait for a batch");
    public static final MeterSpec IMAGES = new MeterSpec("promptgate.classifier.images", MeterKind.COUNTER, "images classified");
    public static final MeterSpec DECODE_TIME = new MeterSpec("promptgate.classifier.decode.time", MeterKind.TIMER,
            "decoding and preprocessing of an image");
    public static final MeterSpec QUEUE_TIME = new MeterSpec("promptgate.classifier.queue.time", MeterKind.TIMER,
            "wait of a decoded image for its batch");
    public static final MeterSpec BATCH_SIZE = new MeterSpec("promptgate.classifier.batch.size", MeterKind.SUMMARY,
            "images encoded together");
    public static final MeterSpec ENCODE_TIME = new MeterSpec("promptgate.classifier.encode.time", MeterKind.TIMER,
            "CLIP's image tower on a batch");
    public static final MeterSpec TEXT_TIME = new MeterSpec("promptgate.classifier.text.time", MeterKind.TIMER,
            "CLIP's text tower on the classes of a request that were not remembered");
    public static final MeterSpec SWAP_TIME = new MeterSpec("promptgate.classifier.swap.time", MeterKind.TIMER,
            "from a rollout's record to the first answer it can give: text features of all classes");
    public static final MeterSpec LIVE_VERSION = new MeterSpec("promptgate.classifier.live.version", MeterKind.GAUGE,
            "version of the prompt that answers; 0 is the hand-written one");
    public static final MeterSpec LIVE_CLASSES = new MeterSpec("promptgate.classifier.live.classes", MeterKind.GAUGE,
            "classes it answers with where a request names none");
    public static final MeterSpec REFUSED = new MeterSpec("promptgate.classifier.refused", MeterKind.COUNTER, List.of("reason"),
            "records of prompt-rollouts, and of prompt-candidates in shadow mode, that were not used");
    public static final MeterSpec SHADOW_IMAGES = new MeterSpec("promptgate.classifier.shadow.images", MeterKind.COUNTER, List.of("agrees"),
            "images that the newest candidate was asked about, too; agrees: its first label is the live prompt's");
    public static final MeterSpec SHADOW_DROPPED = new MeterSpec("promptgate.classifier.shadow.dropped", MeterKind.COUNTER,
            "images that it was not asked about because it was busy");
    public static final MeterSpec SHADOW_AGREEMENT = new MeterSpec("promptgate.classifier.shadow.agreement", MeterKind.GAUGE,
            "part of the images on which candidate and live prompt agree, since either changed; NaN without any");
    public static final MeterSpec SHADOW_VERSION = new MeterSpec("promptgate.classifier.shadow.version", MeterKind.GAUGE,
            "version of that candidate; NaN before the first");

    private static final List<Duration> LATENCIES = Stream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
            .map(Duration::ofMillis).toList();

    private final Meters meters;
    private final Map<RequestOutcome, Counter> requests;
    private final Map<Overload, Counter> overload;
    private final Map<Refusal, Counter> refused;
    private final Timer requestTime;
    private final Counter images;
    private final PipelineMeters pipeline;
    private final Timer textTime;
    private final Timer swapTime;
    private final AtomicReference<Double> liveVersion;
    private final AtomicReference<Double> liveClasses;

    public ClassifierMeters(MeterRegistry registry, String prompt) {
        meters = new Meters(registry);
        meters.gauge(PROMPT, prompt).set(1.0);
        requests = meters.counters(REQUESTS, RequestOutcome.class);
        overload = meters.counters(OVERLOAD, Overload.class);
        refused = meters.counters(REFUSED, Refusal.class);
        requestTime = meters.histogram(REQUEST_TIME, LATENCIES);
        images = meters.counter(IMAGES);
        pipeline = new PipelineMeters(meters.nanoseconds(DECODE_TIME), meters.nanoseconds(QUEUE_TIME), meters.summary(BATCH_SIZE)::record,
                meters.nanoseconds(ENCODE_TIME));
        textTime = meters.timer(TEXT_TIME);
        swapTime = meters.timer(SWAP_TIME);
        liveVersion = meters.gauge(LIVE_VERSION);
        liveClasses = meters.gauge(LIVE_CLASSES);
    }

    public static List<MeterSpec> all() {
        return List.of(PROMPT, REQUESTS, REQUEST_TIME, OVERLOAD, IN_FLIGHT, IN_FLIGHT_BYTES, QUEUE, IMAGES, DECODE_TIME, QUEUE_TIME,
                BATCH_SIZE, ENCODE_TIME, TEXT_TIME, SWAP_TIME,
                LIVE_VERSION, LIVE_CLASSES, REFUSED, SHADOW_IMAGES, SHADOW_DROPPED, SHADOW_AGREEMENT, SHADOW_VERSION);
    }

    /** For parts with meters of their own. */
    public Meters meters() {
        return meters;
    }

    /** A gauge of this service that asks when it is scraped. */
    public void gauge(MeterSpec spec, Supplier<Number> value) {
        meters.gauge(spec, value);
    }

    /** Those of decoding, batching and encoding. */
    public PipelineMeters pipeline() {
        return pipeline;
    }

    public void request(RequestOutcome outcome) {
        requests.get(outcome).increment();
    }

    /** A classification was answered. */
    public void answered(int count, long nanos) {
        images.increment(count);
        requestTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A request or an image met a bound. */
    public void overload(Overload cause) {
        overload.get(cause).increment();
    }

    public void refused(Refusal reason) {
        refused.get(reason).increment();
    }

    /** Classes of a request were encoded. */
    public void textTime(long nanos) {
        textTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    public void live(LivePrompt live, int classes, long swapNanos) {
        liveVersion.set((double) live.version());
        liveClasses.set((double) classes);
        swapTime.record(swapNanos, TimeUnit.NANOSECONDS);
    }
}
