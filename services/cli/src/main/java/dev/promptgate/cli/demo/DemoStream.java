package dev.promptgate.cli.demo;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.metrics.MeterSpec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Plays the plan wave by wave, waits until each is digested, and shows what happens. Not thread-safe. */
final class DemoStream {
    private static final Duration WAVE_LIMIT = Duration.ofMinutes(4);
    private static final int QUIET_POLLS = 3;

    private final DemoPlan plan;
    private final ServiceHost host;
    private final TopicWatch watch;
    private final KafkaProducer<byte[], byte[]> producer;
    private final TopicNames topics;
    private final PrintWriter out;
    private long pushed;
    private long trained;
    private long judging;
    private int classes;
    private long encodeMillis;
    private long lastStatus;

    DemoStream(DemoPlan plan, ServiceHost host, TopicWatch watch, KafkaProducer<byte[], byte[]> producer, TopicNames topics,
            PrintWriter out) {
        this.plan = plan;
        this.host = host;
        this.watch = watch;
        this.producer = producer;
        this.topics = topics;
        this.out = out;
    }

    /** @throws IOException if a wave is not digested in time, or a service breaks */
    DemoSummary play(long seed) throws IOException {
        long began = System.nanoTime();
        for (int i = 0; i < plan.waves().size(); i++) {
            DemoPlan.Wave wave = plan.waves().get(i);
            line("wave %d of %d: %d newly labelled classes, %d images".formatted(i + 1, plan.waves().size(), wave.classes().size(),
                    wave.images().size()));
            push(wave);
            digest();
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        return new DemoSummary(pushed, (long) count(EncoderMeters.IMAGES), rejected(), watch, watch.measurement(), millis, encodeMillis,
                seed);
    }

    private void push(DemoPlan.Wave wave) {
        for (DemoPlan.Image image : wave.images()) {
            SampleStream.Entry entry = image.entry();
            producer.send(
                    new LabelledImage(entry.file(), entry.label(), image.split(), SampleStream.bytes(entry), System.currentTimeMillis())
                            .encode(topics.labelledImages()));
        }
        producer.flush();
        pushed += wave.images().size();
        trained += wave.count(Split.TRAIN);
        judging += wave.images().size() - wave.count(Split.TRAIN);
        classes += wave.classes().size();
    }

    private void digest() throws IOException {
        long began = System.nanoTime();
        boolean encoded = false;
        for (int quiet = 0; quiet < QUIET_POLLS;) {
            watch.poll().forEach(this::line);
            status();
            if (!encoded && count(EncoderMeters.IMAGES) + rejected() == pushed) {
                encoded = true;
                encodeMillis += (System.nanoTime() - began) / 1_000_000;
            }
            quiet = isDigested() ? quiet + 1 : 0;
            if (host.failure().failed()) {
                throw new IOException("A service broke: " + host.failure().cause().getMessage(), host.failure().cause());
            }
            if (System.nanoTime() - began > WAVE_LIMIT.toNanos()) {
                throw new IOException("The wave was not digested within %s [pushed: %d, features: %.0f, rejected: %d]"
                        .formatted(WAVE_LIMIT, pushed, count(EncoderMeters.IMAGES), rejected()));
            }
        }
    }

    /** Every image is a feature or rejected, nothing waits for learning or a verdict, and the live prompt was measured on all of it. */
    private boolean isDigested() {
        long version = (long) gauge(LearnerMeters.VERSION);
        MeasurementReport measurement = watch.measurement();
        return count(EncoderMeters.IMAGES) + rejected() == pushed && count(LearnerMeters.FEATURES) == trained
                && gauge(LearnerMeters.UPDATE_DUE) == 0
                && (version == 0 || watch.isJudged(version)) && gauge(EvaluatorMeters.PENDING) == 0 && measurement != null
                && measurement.comparison().filter(c -> c.space().seenImages() + c.space().unseenImages() == judging).isPresent()
                && measurement.head().liveVersion() == (long) gauge(EvaluatorMeters.LIVE_VERSION);
    }

    private void status() {
        long now = System.nanoTime();
        if (now - lastStatus < 2_000_000_000L) {
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
        line("%.0f of %d images, %d classes, %s%s".formatted(count(EncoderMeters.IMAGES), plan.images(), classes, accuracy,
                gauge(LearnerMeters.UPDATE_DUE) == 1 ? ", learning" : ""));
    }

    private void line(String text) {
        out.println("  " + text);
        out.flush();
    }

    private double count(MeterSpec spec) {
        return host.registry().get(spec.name()).counter().count();
    }

    private long rejected() {
        return (long) host.registry().get(EncoderMeters.REJECTED.name()).counters().stream().mapToDouble(Counter::count).sum();
    }

    private double gauge(MeterSpec spec) {
        Gauge gauge = host.registry().get(spec.name()).gauge();
        return Double.isNaN(gauge.value()) ? 0 : gauge.value();
    }
}
