package dev.promptgate.cli.demo;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Replacement;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import dev.promptgate.messaging.topic.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Follows reports, rollouts and rejections as any consumer of the topics could. Not thread-safe. */
final class TopicWatch implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicNames topics;
    private final Map<Long, Answer> outcomeByVersion = new TreeMap<>();
    private final List<Long> freshnessMillis = new ArrayList<>();
    private final Set<String> rolledOutClasses = new HashSet<>();
    private final Set<String> rejected = new HashSet<>();
    private final List<Replacement> rollbacks = new ArrayList<>();
    private int rollouts;
    private long records;
    private MeasurementReport measurement;

    TopicWatch(KafkaClients clients, TopicNames topics) {
        this.topics = topics;
        consumer = new KafkaConsumer<>(new HashMap<>(clients.consumer()));
        List<TopicPartition> partitions = Stream.of(topics.evaluationReports(), topics.promptRollouts(), topics.rejectedImages())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what is new; returns the verdicts and rejections among it, as lines for people. */
    List<String> poll() throws IOException {
        List<String> lines = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            records++;
            if (record.topic().equals(topics.promptRollouts())) {
                rollout(record);
            } else if (record.topic().equals(topics.rejectedImages())) {
                rejected.add(ImageIds.of(record));
                RejectedImage.decode(record)
                        .ifPresent(rejected -> lines.add("rejected, %s [image: %s]".formatted(rejected.message(),
                                Quoted.of(ImageIds.of(record), ImageIds.MAX_BYTES))));
            } else {
                report(record, lines);
            }
        }
        return lines;
    }

    private void report(ConsumerRecord<byte[], byte[]> record, List<String> lines) throws IOException {
        EvaluationReport report;
        try {
            report = ReportCodec.decodeWithoutMemory(record.value());
        } catch (InvalidReportException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (report instanceof VerdictReport verdict) {
            VerdictReport.Ruling ruling = verdict.ruling();
            outcomeByVersion.put(ruling.candidateVersion(), ruling.outcome());
            lines.add("candidate %d against live %d: %s%s: %s".formatted(ruling.candidateVersion(), report.head().liveVersion(),
                    ruling.outcome(), ruling.isFinal() ? "" : " (waits for more images)", ruling.reason()));
        } else if (report instanceof MeasurementReport newer) {
            measurement = newer;
        } else {
            if (report instanceof ReplacementReport replacement && report.kind() == Kind.ROLLBACK) {
                rollbacks.add(replacement.replacement());
            }
            lines.add(
                    "%s: %s".formatted(report instanceof RefusalReport ? "candidate refused" : report.kind().wireName(), report.reason()));
        }
    }

    private void rollout(ConsumerRecord<byte[], byte[]> record) throws IOException {
        if (record.value() == null) {
            return; // back to the hand-written prompt
        }
        rollouts++;
        try {
            Prompt snapshot = PromptCodec.decode(record.value());
            snapshot.metadata().readyAt().forEach((name, ready) -> {
                if (rolledOutClasses.add(name)) {
                    freshnessMillis.add(record.timestamp() - ready);
                }
            });
        } catch (UnreadablePromptException e) {
            throw new IOException("A rollout cannot be read: " + e.getMessage(), e);
        }
    }

    /** A candidate's verdict; empty before it has one. */
    Optional<Answer> outcome(long version) {
        return Optional.ofNullable(outcomeByVersion.get(version));
    }

    boolean isRejected(String imageId) {
        return rejected.contains(imageId);
    }

    List<Replacement> rollbacks() {
        return rollbacks;
    }

    Map<String, Long> outcomes() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Answer outcome : Answer.values()) {
            counts.put(outcome.wireName(), outcomeByVersion.values().stream().filter(outcome::equals).count());
        }
        return counts;
    }

    /** Each candidate's outcome, in the order of versions. */
    List<String> verdicts() {
        return outcomeByVersion.values().stream().map(Answer::wireName).toList();
    }

    /** How many records were read of all topics together. */
    long records() {
        return records;
    }

    int rollouts() {
        return rollouts;
    }

    /** The newest measurement of live and hand-written prompt, or null. */
    MeasurementReport measurement() {
        return measurement;
    }

    /** Per class that was rolled out, milliseconds from its last needed shot to that rollout. */
    List<Long> freshnessMillis() {
        return freshnessMillis;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
