package dev.promptgate.cli.demo;

import dev.promptgate.cli.command.KafkaFailure;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.experiments.data.ExperimentImage;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Cause;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.metrics.MeterSpec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Plays the plan wave by wave, waits until each is digested, and shows what happens. Not thread-safe. */
final class DemoStream {
    /** What came of an incident: the verdict on the candidate that learned from it, and whether the watch took that back. */
    record Consequence(Incident incident, long version, Answer verdict, boolean isRolledBack) {}

    /** A batch, a step or a measurement of the largest models takes a minute; a wave takes what it takes. */
    private static final Duration STALL_LIMIT = Duration.ofMinutes(5);
    private static final int QUIET_POLLS = 3;

    private final DemoPlan plan;
    private final ServiceHost host;
    private final TopicWatch watch;
    private final KafkaProducer<byte[], byte[]> producer;
    private final TopicNames topics;
    private final int maxImageBytes;
    private final PrintWriter out;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Set<String> sent = new HashSet<>();
    private final List<Consequence> consequences = new ArrayList<>();
    private long pushed;
    private long skipped;
    /** Images that judge and were sent before. */
    private long evidenceAgain;
    private int classes;
    private long encodeMillis;
    private long began;
    private long lastStatus;

    DemoStream(DemoPlan plan, ServiceHost host, TopicWatch watch, KafkaProducer<byte[], byte[]> producer, TopicNames topics,
            int maxImageBytes, PrintWriter out) {
        this.plan = plan;
        this.host = host;
        this.watch = watch;
        this.producer = producer;
        this.topics = topics;
        this.maxImageBytes = Math.min(maxImageBytes, ImageLimits.DEFAULT.maxBytes()); // more is not read
        this.out = out;
    }

    /** @throws IOException if nothing moves any more, no image can be used, or a service breaks */
    DemoSummary play(long seed) throws IOException {
        began = System.nanoTime();
        for (int i = 0; i < plan.waves().size(); i++) {
            DemoPlan.Wave wave = plan.waves().get(i);
            line("wave %d of %d: %d newly labelled classes, %d images".formatted(i + 1, plan.waves().size(), wave.classes().size(),
                    wave.images().size()));
            wave.incident().ifPresent(incident -> line(incident.event()));
            push(wave.images());
            classes += wave.classes().size();
            digest();
            long version = (long) gauge(LearnerMeters.VERSION);
            if (!wave.later().isEmpty()) {
                line("%d held-out images come later, rightly labelled".formatted(wave.later().size()));
                push(wave.later());
                digest();
            }
            wave.incident().ifPresent(incident -> follow(incident, version));
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new DemoSummary(new DemoSummary.Tally(pushed, features(), rejected(), skipped), watch, consequences, watch.measurement(),
                millis, encodeMillis, seed);
    }

    /** Tells and keeps what came of an incident. */
    private void follow(Incident incident, long version) {
        Answer verdict = watch.outcome(version).orElse(Answer.INCONCLUSIVE);
        boolean isRolledBack = watch.rollbacks().stream().anyMatch(back -> back.cause() == Cause.WATCH && back.from() == version);
        line(incident.outcome(verdict, isRolledBack));
        consequences.add(new Consequence(incident, version, verdict, isRolledBack));
    }

    private void push(List<DemoPlan.Image> images) {
        for (DemoPlan.Image planned : images) {
            ExperimentImage image = planned.image();
            boolean isAgain = !sent.add(image.id());
            if (isAgain && watch.isRejected(image.id())) {
                continue;
            }
            byte[] bytes = read(image);
            if (bytes != null) {
                producer.send(new LabelledImage(image.id(), planned.label(), planned.split(), bytes, System.currentTimeMillis())
                        .encode(topics.labelledImages()), (sent, e) -> failure.compareAndSet(null, e));
                pushed++;
                evidenceAgain += isAgain && planned.split() != Split.TRAIN ? 1 : 0;
            }
        }
        producer.flush();
    }

    /** Null, and a line that says why, if it cannot be pushed. */
    private byte[] read(ExperimentImage image) {
        String problem = "larger than images.max-bytes";
        try {
            byte[] bytes = image.bytes().read();
            if (bytes.length <= maxImageBytes) {
                return bytes;
            }
        } catch (IOException e) {
            problem = "cannot be read: " + FirstLine.of(e);
        }
        line("skipped, %s [image: %s]".formatted(problem, Quoted.of(image.id(), ImageIds.MAX_BYTES)));
        skipped++;
        return null;
    }

    private void digest() throws IOException {
        long pushedAt = System.nanoTime();
        long moved = pushedAt;
        List<Long> progress = List.of();
        boolean encoded = false;
        for (int quiet = 0; quiet < QUIET_POLLS;) {
            watch.poll().forEach(this::line);
            status();
            if (!encoded && features() + rejected() == pushed) {
                encoded = true;
                encodeMillis += (System.nanoTime() - pushedAt) / 1_000_000;
            }
            quiet = isDigested() ? quiet + 1 : 0;
            if (host.failure().failed()) {
                throw new IOException("A service broke: " + host.failure().cause().getMessage(), host.failure().cause());
            }
            if (failure.get() != null) {
                throw new IOException(KafkaFailure.explain(failure.get(), "topic: " + topics.labelledImages()), failure.get());
            }
            if (encoded && features() == 0 && watch.records() >= rejected()) { // their reasons are told
                throw new IOException("None of the first images can be used [pushed: %d, rejected: %d, skipped: %d]".formatted(pushed,
                        rejected(), skipped));
            }
            if (!progress().equals(progress)) {
                progress = progress();
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > STALL_LIMIT.toNanos()) {
                throw new IOException("Nothing has moved for %d minutes [pushed: %d, features: %d, rejected: %d, training steps: %d]"
                        .formatted(STALL_LIMIT.toMinutes(), pushed, features(), rejected(), sum(LearnerMeters.STEPS)));
            }
        }
    }

    /** What grows as long as anything goes on. */
    private List<Long> progress() {
        return List.of(features() + rejected(), (long) count(LearnerMeters.FEATURES), sum(LearnerMeters.STEPS), watch.records());
    }

    /** Every image is a feature or rejected, nothing waits for learning or a verdict, and the live prompt was measured on all of it. */
    private boolean isDigested() {
        long version = (long) gauge(LearnerMeters.VERSION);
        MeasurementReport measurement = watch.measurement();
        return features() + rejected() == pushed && gauge(LearnerMeters.UPDATE_DUE) == 0
                && (version == 0 || watch.outcome(version).isPresent()) && gauge(EvaluatorMeters.PENDING) == 0 && measurement != null
                && measurement.comparison().map(ComparedPrompts::space)
                        .filter(space -> count(LearnerMeters.FEATURES) + space.seenImages() + space.unseenImages()
                                + evidenceAgain == features())
                        .isPresent()
                && measurement.head().liveVersion() == (long) gauge(EvaluatorMeters.LIVE_VERSION);
    }

    private void status() {
        long now = System.nanoTime();
        if (now - lastStatus < Math.max(2_000_000_000L, (now - began) / 25)) { // less often the longer it takes
            return;
        }
        lastStatus = now;
        MeasurementReport measurement = watch.measurement();
        String accuracy = "not yet measured";
        if (measurement != null) {
            Map<String, Double> live = DemoSummary.accuracies(measurement, Role.LIVE);
            accuracy = String.format(Locale.ROOT, "live v%d seen %.1f%% unseen %.1f%% HM %.1f%% joint %.1f%%",
                    measurement.head().liveVersion(), 100 * live.get("seen"), 100 * live.get("unseen"), 100 * live.get("hm"),
                    100 * live.get("joint"));
        }
        line("%d of %d images, %d classes, %s%s".formatted(features(), plan.images().count(), classes, accuracy,
                gauge(LearnerMeters.UPDATE_DUE) == 1 ? ", learning, %d steps so far".formatted(sum(LearnerMeters.STEPS)) : ""));
    }

    private void line(String text) {
        out.println("  " + text);
        out.flush();
    }

    private double count(MeterSpec spec) {
        return host.registry().get(spec.name()).counter().count();
    }

    private long features() {
        return (long) count(EncoderMeters.IMAGES);
    }

    private long rejected() {
        return sum(EncoderMeters.REJECTED);
    }

    private long sum(MeterSpec spec) {
        return (long) host.registry().get(spec.name()).counters().stream().mapToDouble(Counter::count).sum();
    }

    private double gauge(MeterSpec spec) {
        Gauge gauge = host.registry().get(spec.name()).gauge();
        return Double.isNaN(gauge.value()) ? 0 : gauge.value();
    }
}
