package dev.promptgate.classifier.config;

import dev.promptgate.clip.pipeline.PipelineMeters;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.service.api.Admission;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The classifier's meters. Thread-safe. */
public final class ClassifierMeters extends Meters {
    /** Bounds that a request can meet; tags the meter of overload. Each is answered with Retry-After. */
    public enum Overload {
        REQUESTS(Admission.Refusal.REQUESTS.problem()),
        BYTES(Admission.Refusal.BYTES.problem()),
        QUEUE(Problem.of(503, "Too many images wait already; try again").with("Retry-After", "1")),
        MEMORY(Problem.of(503, "Other images take the memory for decoding; try again").with("Retry-After", "1")),
        STARTING(Problem.of(503, "The service is starting: the live prompt is not read yet; try again").with("Retry-After", "1")),
        STOPPING(Admission.Refusal.STOPPING.problem());

        private final Problem problem;

        Overload(Problem problem) {
            this.problem = problem;
        }

        /** The meter's tag for what met a bound of admission. */
        public static Overload of(Admission.Refusal refusal) {
            return valueOf(refusal.name());
        }

        public ProblemException exception() {
            return problem.exception();
        }
    }

    /** How a request ended; tags the meter of requests. */
    public enum RequestOutcome {
        OK,
        BAD_REQUEST,
        UNAUTHORISED,
        NOT_FOUND,
        TIMED_OUT,
        NO_CLASSES,
        TOO_LARGE,
        UNSUPPORTED,
        UNUSABLE,
        OVERLOAD,
        FAILED,
        /** The client went away before its answer. */
        ABANDONED;

        /** The outcome that a status stands for. */
        public static RequestOutcome of(int status) {
            return switch (status) {
                case 401, 403 -> UNAUTHORISED;
                case 404, 405, 406 -> NOT_FOUND;
                case 408 -> TIMED_OUT;
                case 409 -> NO_CLASSES;
                case 413, 414, 431 -> TOO_LARGE;
                case 415 -> UNSUPPORTED;
                case 422 -> UNUSABLE;
                case 429, 503 -> OVERLOAD;
                default -> status < 400 ? OK : status < 500 ? BAD_REQUEST : FAILED;
            };
        }
    }

    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec PROMPT = ALL.gauge("promptgate.classifier.prompt",
            "always 1; the tag says which prompt this classifier follows", "prompt_name");
    public static final MeterSpec REQUESTS = ALL.counter("promptgate.classifier.requests", "requests, by how they ended", "outcome");
    public static final MeterSpec REQUEST_TIME = ALL.add(new MeterSpec("promptgate.classifier.request.time", MeterSpec.Kind.HISTOGRAM,
            "from a classification's request line to its answer"));
    public static final MeterSpec OVERLOAD = ALL.counter("promptgate.classifier.overload",
            "requests and images of batches refused for want of room, or while starting or stopping", "cause");
    public static final MeterSpec IN_FLIGHT = ALL.gauge("promptgate.classifier.in-flight", "requests in hand");
    public static final MeterSpec IN_FLIGHT_BYTES = ALL.gauge("promptgate.classifier.in-flight.bytes",
            "bytes of their bodies that have arrived");
    public static final MeterSpec QUEUE = ALL.gauge("promptgate.classifier.queue", "decoded images that wait for a batch");
    public static final MeterSpec IMAGES = ALL.counter("promptgate.classifier.images", "images classified");
    public static final MeterSpec SELECTIONS = ALL.counter("promptgate.classifier.selections",
            "images on which the classifier was to abstain where it is unsure, by what came of it", "outcome");
    public static final MeterSpec DECODE_TIME = ALL.timer("promptgate.classifier.decode.time", "decoding and preprocessing of an image");
    public static final MeterSpec QUEUE_TIME = ALL.timer("promptgate.classifier.queue.time", "wait of a decoded image for its batch");
    public static final MeterSpec BATCH_SIZE = ALL
            .add(new MeterSpec("promptgate.classifier.batch.size", MeterSpec.Kind.SUMMARY, "images encoded together"));
    public static final MeterSpec ENCODE_TIME = ALL.timer("promptgate.classifier.encode.time", "CLIP's image tower on a batch");
    public static final MeterSpec TEXT_TIME = ALL.timer("promptgate.classifier.text.time",
            "CLIP's text tower on the classes of a request that were not remembered");
    public static final MeterSpec SWAP_TIME = ALL.timer("promptgate.classifier.swap.time",
            "from a rollout's record to the first answer it can give: text features of all classes");
    public static final MeterSpec LIVE_VERSION = ALL.gauge("promptgate.classifier.live.version",
            "version of the prompt that answers; 0 is the hand-written one");
    public static final MeterSpec LIVE_CLASSES = ALL.gauge("promptgate.classifier.live.classes",
            "classes it answers with where a request names none");
    public static final MeterSpec REFUSED = ALL.counter("promptgate.classifier.refused",
            "records of prompt-rollouts, and of prompt-candidates in shadow mode, that were not used", "reason");
    public static final MeterSpec SHADOW_IMAGES = ALL.counter("promptgate.classifier.shadow.images",
            "images that the newest candidate was asked about, too; agrees: its first label is the live prompt's", "agrees");
    public static final MeterSpec SHADOW_DROPPED = ALL.counter("promptgate.classifier.shadow.dropped",
            "images that it was not asked about because it was busy");
    public static final MeterSpec SHADOW_AGREEMENT = ALL.gauge("promptgate.classifier.shadow.agreement",
            "part of the images on which candidate and live prompt agree, since either changed; NaN without any");
    public static final MeterSpec SHADOW_VERSION = ALL.gauge("promptgate.classifier.shadow.version",
            "version of that candidate; NaN before the first");

    private static final List<Duration> LATENCIES = Stream.of(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
            .map(Duration::ofMillis).toList();

    private final PipelineMeters pipeline;

    public ClassifierMeters(MeterRegistry registry, String prompt) {
        super(registry);
        gauge(PROMPT, prompt).set(1.0);
        pipeline = new PipelineMeters(nanoseconds(DECODE_TIME), nanoseconds(QUEUE_TIME), summary(BATCH_SIZE)::record,
                nanoseconds(ENCODE_TIME));
        counters(REQUESTS, RequestOutcome.class);
        counters(OVERLOAD, Overload.class);
        counters(REFUSED, Refusal.class);
        counters(SELECTIONS, Selection.class);
        histogram(REQUEST_TIME, LATENCIES);
        register(List.of(IMAGES, TEXT_TIME, SWAP_TIME, LIVE_VERSION, LIVE_CLASSES));
    }

    /** Those of decoding, batching and encoding. */
    public PipelineMeters pipeline() {
        return pipeline;
    }

    /** A classification was answered. */
    public void answered(int count, long nanos) {
        counter(IMAGES).increment(count);
        time(REQUEST_TIME, nanos);
    }

    public void live(LivePrompt live, int classes, long swapNanos) {
        set(LIVE_VERSION, live.version());
        set(LIVE_CLASSES, classes);
        time(SWAP_TIME, swapNanos);
    }
}
