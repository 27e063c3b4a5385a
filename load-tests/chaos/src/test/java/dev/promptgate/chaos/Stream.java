package dev.promptgate.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.history.HistoryCheck;
import dev.promptgate.history.HistoryCheck.Result;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** The topics of one run, all of its own. */
public record Stream(KafkaClients clients, TopicNames topics) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_IMAGE_BYTES = 1 << 20;

    static Stream create(String bootstrapServers, String prefix, int partitions) throws ExecutionException, InterruptedException {
        return create(bootstrapServers, prefix, partitions, (short) 1);
    }

    public static Stream create(String bootstrapServers, String prefix, int partitions, short replication)
            throws ExecutionException, InterruptedException {
        Stream stream = new Stream(new KafkaClients(bootstrapServers, Map.of(), MAX_IMAGE_BYTES * 2), new TopicNames(prefix));
        try (Admin admin = Admin.create(stream.clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(stream.topics, partitions, replication, 20 << 20), true);
        }
        return stream;
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    void push(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            records.forEach(producer::send);
        }
    }

    /** Committed records of a topic. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (TopicLog log = new TopicLog(clients)) {
            return log.read(topic);
        }
    }

    /** How many records a topic holds, committed and not, transaction markers included: cheap, for waiting. */
    public long size(String topic) {
        try (TopicLog log = new TopicLog(clients)) {
            return log.ends(topic).values().stream().mapToLong(Long::longValue).sum();
        }
    }

    public List<Prompt> candidates() {
        return read(topics.promptCandidates()).stream().map(Stream::snapshot).toList();
    }

    /** Versions that prompt-rollouts held one after another; 0 for the hand-written prompt. */
    public List<Long> liveVersions() {
        return read(topics.promptRollouts()).stream().map(record -> record.value() == null ? 0L : snapshot(record).metadata().version())
                .toList();
    }

    private static Prompt snapshot(ConsumerRecord<byte[], byte[]> record) {
        try {
            return PromptCodec.decode(record.value());
        } catch (UnreadablePromptException e) {
            throw new IllegalStateException(e);
        }
    }

    public List<VerdictReport> verdicts() {
        return read(topics.evaluationReports()).stream().map(record -> {
            try {
                return ReportCodec.decode(record.value());
            } catch (InvalidReportException e) {
                throw new IllegalStateException(e);
            }
        }).filter(VerdictReport.class::isInstance).map(VerdictReport.class::cast).toList();
    }

    /** Whether there is a candidate, and the last one has a verdict. */
    public boolean isLastCandidateJudged() {
        long last = candidates().stream().mapToLong(candidate -> candidate.metadata().version()).max().orElse(0);
        return last > 0 && verdicts().stream().anyMatch(verdict -> verdict.ruling().candidateVersion() == last);
    }

    List<JsonNode> reports() {
        List<JsonNode> reports = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topics.evaluationReports())) {
            try {
                reports.add(JSON.readTree(record.value()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return reports;
    }

    /** The verdict of {@code promptgate history check}, nothing recomputed. */
    void assertCleanHistory() {
        Result history = HistoryCheck.of(clients, topics).run();
        assertTrue(history.isClean(), history::toString);
    }

    OffsetAndMetadata checkpoint(String group) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(clients.admin())) {
            return admin.listConsumerGroupOffsets(topics.prefix() + group).partitionsToOffsetAndMetadata().get()
                    .get(new TopicPartition(topics.imageFeatures(), 0));
        }
    }
}
