package dev.promptgate.load.observe;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.load.observe.Flow.Point;
import dev.promptgate.load.plan.ImageSequence;
import dev.promptgate.load.plan.LoadPlan;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import dev.promptgate.messaging.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Follows what the services write, as any reader of committed records could, on a thread of its own, from where the topics ended when it
 * was made. Records of other producers are passed over. Whoever opens it closes it.
 */
public final class FlowObserver implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicNames topics;
    private final LoadPlan plan;
    private final ImageSequence images;
    private final Ledger ledger;
    private final StageLatencies latencies;
    private final Flow flow;
    private final PromptTrail trail;
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private RunClock clock;
    private Thread thread;

    /** Opens a consumer at the topics' ends. Blocking. */
    public FlowObserver(KafkaClients clients, TopicNames topics, String prompt, LoadPlan plan, ImageSequence images, Ledger ledger,
            StageLatencies latencies, Flow flow) {
        this.topics = topics;
        this.plan = plan;
        this.images = images;
        this.ledger = ledger;
        this.latencies = latencies;
        this.flow = flow;
        trail = new PromptTrail(prompt, latencies, flow);
        consumer = new KafkaConsumer<>(new HashMap<>(clients.consumer()));
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(topics.imageFeatures(), topics.rejectedImages(), topics.promptCandidates(), topics.evaluationReports(),
                topics.promptRollouts())) {
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // now, so that nothing that follows is missed
    }

    public void start(RunClock from) {
        clock = from;
        thread = new Thread(this::follow, "load-observer");
        thread.start();
    }

    private void follow() {
        try {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record, clock.now());
                }
            }
        } catch (WakeupException e) {
            return; // closed
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, double now) {
        try {
            if (record.topic().equals(topics.imageFeatures())) {
                feature(record, now);
            } else if (record.topic().equals(topics.rejectedImages())) {
                rejection(record, now);
            } else if (record.topic().equals(topics.evaluationReports())) {
                if (ReportCodec.decode(record.value()) instanceof VerdictReport verdict) {
                    trail.verdict(verdict, now);
                }
            } else if (record.value() != null) {
                Prompt prompt = PromptCodec.decode(record.value());
                if (record.topic().equals(topics.promptCandidates())) {
                    trail.candidate(prompt.metadata(), clock, now);
                } else {
                    trail.rollout(prompt.metadata(), clock, now);
                }
            }
        } catch (InvalidReportException | InvalidRecordException | UnreadablePromptException e) {
            throw new IllegalStateException("A record of the services cannot be read [topic: %s, partition: %d, offset: %d, cause: %s]"
                    .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()), e);
        }
    }

    private void feature(ConsumerRecord<byte[], byte[]> record, double now) throws InvalidRecordException {
        if (record.value() == null) {
            return; // somebody deleted an image
        }
        ImageFeature feature = ImageFeature.decode(record);
        if (feature.split() == Split.TRAIN) {
            trail.trainingFeature(record.offset(), now); // of any producer: the learner takes them all
        }
        long number = images.number(feature.imageId());
        if (number >= 0) {
            // A duplicate bears its first one's id, but its own time of production: when it was due.
            double due = clock.seconds(feature.timestamp());
            ledger.feature(feature.source(), number);
            latencies.record(FlowStage.FEATURE, due, now - due);
            flow.count(Point.FEATURES, now);
        }
    }

    private void rejection(ConsumerRecord<byte[], byte[]> record, double now) {
        long number = record.key() == null ? -1 : images.number(new String(record.key(), StandardCharsets.UTF_8));
        if (number >= 0) {
            double due = plan.rate().due(number);
            RejectedImage rejected = RejectedImage.decode(record)
                    .orElseThrow(() -> new IllegalStateException("A rejection lacks a header [offset: " + record.offset() + "]"));
            ledger.rejection(rejected.source(), rejected.code());
            latencies.record(FlowStage.REJECTION, due, now - due);
            flow.count(Point.REJECTIONS, now);
        }
    }

    public PromptTrail trail() {
        return trail;
    }

    /** @throws IllegalStateException if it could not go on following */
    public void check() {
        if (failure.get() != null) {
            throw new IllegalStateException("The topics can no longer be followed: " + failure.get().getMessage(), failure.get());
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
    }
}
