package dev.promptgate.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.Output;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The command on topics that the test fills in an encoder's place. */
@BrokerTest
class HistoryIT {
    private static final int IMAGES = 3;

    private final KafkaClients clients;
    private final TopicNames topics;

    HistoryIT(TestBroker broker) {
        clients = new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 1 << 20);
        topics = new TopicNames(broker.uniquePrefix());
    }

    private Output promptgate(String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--bootstrap-servers", clients.bootstrapServers(), "--topic-prefix", topics.prefix()));
        return Output.of(words.toArray(String[]::new));
    }

    private ProducerRecord<byte[], byte[]> feature(int source) {
        return new ImageFeature("id-" + source, "apple", Split.TRAIN, "model", new float[] {1, 0}, 0, new SourcePosition(0, source))
                .encode(topics.imageFeatures());
    }

    /** A transaction of features and of the offset behind the images that they are of; taken back, if it is not to be committed. */
    private void write(List<ProducerRecord<byte[], byte[]>> features, long offset, boolean isCommitted) {
        Map<String, Object> config = new HashMap<>(clients.transactionalProducer(topics.prefix() + "encoder", Duration.ofSeconds(10)));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config)) {
            producer.initTransactions();
            producer.beginTransaction();
            features.forEach(producer::send);
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition(topics.labelledImages(), 0), new OffsetAndMetadata(offset)),
                    new ConsumerGroupMetadata(topics.prefix() + "promptgate-encoder"));
            producer.flush();
            if (isCommitted) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    @Test
    void itNamesTheRecordThatBreaksAnInvariant() throws Exception {
        Output made = promptgate("topics", "--set", "topics.partitions=1", "--set", "topics.replication=1");
        assertEquals(0, made.exitCode(), made.err());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            for (int i = 0; i < IMAGES; i++) {
                producer.send(new LabelledImage("id-" + i, "apple", Split.TRAIN, new byte[] {1}, 0).encode(topics.labelledImages()));
            }
        }
        write(List.of(feature(0), feature(1)), 2, false); // as by an encoder that was killed
        write(List.of(feature(0), feature(1)), 2, true);
        Output clean = promptgate("history", "check", "--recompute", "nothing");
        assertEquals(0, clean.exitCode(), clean.out() + clean.err());
        assertTrue(clean.out().contains("nothing-lost                 holds     2 checked"), clean.out());

        write(List.of(feature(1)), IMAGES, true); // in the third one's place
        Output broken = promptgate("history", "check", "--recompute", "nothing", "--json");
        assertEquals(1, broken.exitCode(), broken.out() + broken.err());
        List<String> examples = new ArrayList<>();
        JsonNode result = new ObjectMapper().readTree(broken.out());
        result.get("invariants").forEach(finding -> finding.get("examples").forEach(example -> examples.add(
                finding.get("invariant").asText() + ": " + example.asText())));
        assertEquals(2, examples.size(), examples.toString());
        assertEquals("nothing-lost: %s-0@2 (id id-2) led to nothing, though its offset is committed".formatted(topics.labelledImages()),
                examples.get(0));
        assertTrue(
                examples.get(1).matches("nothing-twice: .*image-features-0@\\d+ of labelled-images-0@1 \\(id id-1\\) is a second answer"),
                examples.get(1));
        assertTrue(!result.get("clean").asBoolean());
    }
}
