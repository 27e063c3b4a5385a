package dev.promptgate.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Follows reports and rollouts as any consumer of the topics could. Not thread-safe. */
final class TopicWatch implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicNames topics;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Long, String> outcomeByVersion = new TreeMap<>();
    private final List<Long> freshnessMillis = new ArrayList<>();
    private final Set<String> rolledOutClasses = new HashSet<>();
    private int rollouts;
    private JsonNode measurement;

    TopicWatch(KafkaClients clients, TopicNames topics) {
        this.topics = topics;
        consumer = new KafkaConsumer<>(new HashMap<>(clients.consumer()));
        List<TopicPartition> partitions = List.of(new TopicPartition(topics.evaluationReports(), 0),
                new TopicPartition(topics.promptRollouts(), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what is new; returns the verdicts among it, as lines for people. */
    List<String> poll() throws IOException {
        List<String> lines = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            if (record.topic().equals(topics.promptRollouts())) {
                rollout(record);
            } else {
                report(json.readTree(record.value()), lines);
            }
        }
        return lines;
    }

    private void report(JsonNode report, List<String> lines) {
        switch (report.path("kind").asText()) {
            case "verdict" -> {
                outcomeByVersion.put(report.path("candidate_version").asLong(), report.path("outcome").asText());
                lines.add("candidate %d against live %d: %s%s: %s".formatted(report.path("candidate_version").asLong(),
                        report.path("live_version").asLong(),
                        report.path("outcome").asText().toUpperCase(Locale.ROOT),
                        report.path("final").asBoolean() ? "" : " (waits for more images)",
                        report.path("reason").asText()));
            }
            case "measurement" -> measurement = report;
            case "refusal" -> lines.add("candidate refused: " + report.path("reason").asText());
            default -> lines.add("%s: %s".formatted(report.path("kind").asText(), report.path("reason").asText()));
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

    /** Whether a candidate has a verdict. */
    boolean isJudged(long version) {
        return outcomeByVersion.containsKey(version);
    }

    Map<String, Long> outcomes() {
        Map<String, Long> counts = new LinkedHashMap<>(Map.of());
        for (String outcome : List.of("pass", "fail", "inconclusive")) {
            counts.put(outcome, outcomeByVersion.values().stream().filter(outcome::equals).count());
        }
        return counts;
    }

    /** Each candidate's outcome, in the order of versions. */
    List<String> verdicts() {
        return List.copyOf(outcomeByVersion.values());
    }

    int rollouts() {
        return rollouts;
    }

    /** The newest measurement of live and hand-written prompt, or null. */
    JsonNode measurement() {
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
