package dev.promptgate.history;

import dev.promptgate.evaluator.input.InputOrder.Input;
import dev.promptgate.history.invariant.CommittedOffsets;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Outcome;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import dev.promptgate.messaging.topic.TopicNames;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads the topics and tells the invariants what is there, in the order that {@link Invariant} says. Blocking. */
final class HistoryReader implements AutoCloseable {
    private final KafkaClients clients;
    private final TopicNames topics;
    private final String encoders;
    private final PromptKey key;
    private final List<Invariant> invariants;
    private final TopicLog log;

    /** @param encoders the group of the encoders */
    HistoryReader(KafkaClients clients, TopicNames topics, String encoders, String prompt, List<Invariant> invariants) {
        this.clients = clients;
        this.topics = topics;
        this.encoders = encoders;
        this.invariants = invariants;
        key = new PromptKey(prompt);
        log = new TopicLog(clients);
    }

    void read() {
        CommittedOffsets before = committed();
        tell(invariant -> invariant.begin(before));
        outcomes();
        CommittedOffsets after = committed();
        tell(invariant -> invariant.outcomesEnd(after));
        log.forEach(topics.labelledImages(), record -> tell(invariant -> invariant.image(record)));
        log.forEach(topics.promptRollouts(), record -> ofPrompt(record).ifPresent(
                place -> prompt(record).ifPresent(live -> tell(invariant -> invariant.rollout(place, live)))));
        log.forEach(topics.evaluationReports(), record -> ofPrompt(record).ifPresent(
                place -> report(record).ifPresent(report -> tell(invariant -> invariant.report(place, report)))));
        log.forEach(topics.promptCandidates(), record -> ofPrompt(record).ifPresent(place -> prompt(record).flatMap(live -> live)
                .ifPresent(candidate -> tell(invariant -> invariant.candidate(place, candidate)))));
    }

    /** What can be recomputed, once {@link #read} is done. Candidates and commands are held in memory. */
    void readAgain() {
        Map<Input, Queue<ConsumerRecord<byte[], byte[]>>> waiting = new HashMap<>();
        waiting.put(Input.COMMANDS, records(topics.gateCommands()));
        waiting.put(Input.CANDIDATES, records(topics.promptCandidates()));
        log.forEach(topics.imageFeatures(), feature -> {
            againUntil(waiting, feature.timestamp());
            tell(invariant -> invariant.again(Input.FEATURES, feature));
        });
        againUntil(waiting, Long.MAX_VALUE);
    }

    /** Of records with the same time commands go first, then candidates, as in InputOrder. */
    private void againUntil(Map<Input, Queue<ConsumerRecord<byte[], byte[]>>> waiting, long time) {
        for (;;) {
            ConsumerRecord<byte[], byte[]> command = waiting.get(Input.COMMANDS).peek();
            ConsumerRecord<byte[], byte[]> candidate = waiting.get(Input.CANDIDATES).peek();
            boolean isCommand = command != null && (candidate == null || command.timestamp() <= candidate.timestamp());
            Input input = isCommand ? Input.COMMANDS : Input.CANDIDATES;
            ConsumerRecord<byte[], byte[]> first = isCommand ? command : candidate;
            if (first == null || first.timestamp() > time) {
                return;
            }
            waiting.get(input).remove();
            tell(invariant -> invariant.again(input, first));
        }
    }

    private Queue<ConsumerRecord<byte[], byte[]>> records(String topic) {
        Queue<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        log.forEach(topic, record -> ofPrompt(record).ifPresent(place -> records.add(record)));
        return records;
    }

    private void tell(Consumer<Invariant> what) {
        invariants.forEach(what);
    }

    /** Features and what is aborted among them, then rejections. */
    private void outcomes() {
        BitSet committed = new BitSet(); // of a topic with one partition
        long[] begin = {-1};
        Map<TopicPartition, Long> ends = log.forEach(topics.imageFeatures(), record -> {
            begin[0] = begin[0] < 0 ? record.offset() : begin[0];
            committed.set(Math.toIntExact(record.offset() - begin[0]));
            outcome(record).ifPresent(outcome -> tell(invariant -> invariant.outcome(outcome)));
        });
        try (TopicLog all = new TopicLog(uncommitted(clients))) {
            all.forEach(topics.imageFeatures(), record -> {
                boolean isDecided = record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()));
                if (isDecided && (record.offset() < begin[0] || !committed.get(Math.toIntExact(record.offset() - begin[0])))) {
                    outcome(record).ifPresent(outcome -> tell(invariant -> invariant.aborted(outcome)));
                }
            });
        }
        log.forEach(topics.rejectedImages(), record -> RejectedImage.decode(record)
                .filter(rejected -> rejected.sourceTopic().equals(topics.labelledImages()))
                .ifPresent(rejected -> tell(invariant -> invariant.outcome(
                        new Outcome(Outcome.Kind.REJECTION, Place.of(record), rejected.source(), ImageIds.of(record), "")))));
    }

    /** Clients that read what no transaction has committed, too. */
    static KafkaClients uncommitted(KafkaClients clients) {
        Map<String, String> properties = new HashMap<>(clients.properties());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        return new KafkaClients(clients.bootstrapServers(), properties, clients.maxRequestBytes());
    }

    /** Empty for what is said of a class, for what no encoder wrote, and for what cannot be read. */
    private static Optional<Outcome> outcome(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return ImageErasure.sourceOf(record)
                    .map(source -> new Outcome(Outcome.Kind.ERASURE, Place.of(record), source, ImageIds.of(record), ""));
        }
        try {
            ImageFeature feature = ImageFeature.decode(record);
            return Optional.of(new Outcome(Outcome.Kind.FEATURE, Place.of(record), feature.source(), feature.imageId(), feature.label()));
        } catch (InvalidRecordException e) {
            return Optional.empty();
        }
    }

    private Optional<Place> ofPrompt(ConsumerRecord<byte[], byte[]> record) {
        return key.isOf(record) ? Optional.of(Place.of(record)) : Optional.empty();
    }

    /** Empty for what cannot be read; empty inside for null, the hand-written prompt. */
    private static Optional<Optional<Prompt>> prompt(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(record.value() == null ? Optional.empty() : Optional.of(PromptCodec.decode(record.value())));
        } catch (UnreadablePromptException e) {
            return Optional.empty();
        }
    }

    private static Optional<EvaluationReport> report(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? Optional.empty() : Optional.of(ReportCodec.decode(record.value()));
        } catch (InvalidReportException e) {
            return Optional.empty();
        }
    }

    private CommittedOffsets committed() {
        Map<Integer, Long> offsets = new HashMap<>();
        committed(clients, encoders).forEach((partition, offset) -> {
            if (offset != null && partition.topic().equals(topics.labelledImages())) {
                offsets.put(partition.partition(), offset.offset());
            }
        });
        return new CommittedOffsets(offsets);
    }

    /** What a group has committed, with no transaction open on it. */
    static Map<TopicPartition, OffsetAndMetadata> committed(KafkaClients clients, String group) {
        try (Admin admin = Admin.create(clients.admin())) {
            return admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata().get();
        } catch (ExecutionException e) {
            throw new KafkaException("The committed offsets cannot be read [group: %s, cause: %s]".formatted(group,
                    e.getCause().getMessage()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted", e);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
