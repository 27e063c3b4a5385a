package dev.promptgate.cli.labels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

/** What an encoder writes while labels are merged. */
@BrokerTest
class RelabellingIT {
    private final TopicNames topics;
    private final KafkaClients clients;

    RelabellingIT(TestBroker broker) {
        topics = new TopicNames(broker.uniquePrefix());
        clients = new KafkaClients(broker.bootstrapServers(), TestBroker.CLIENT_PROPERTIES, 2 << 20);
    }

    @Test
    void imagesThatWereSentAgainInBetweenAreNamed() throws Exception {
        try (Admin admin = Admin.create(clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(topics, 1, (short) 1, 1 << 20), true);
        }
        push("overtaken", "Dog");
        push("merged", "DOG");
        push("right", "dog");
        FeatureLabels labels = FeatureLabels.samePromptAs("dog");
        try (TopicLog log = new TopicLog(clients)) {
            log.forEach(topics.imageFeatures(), labels::take);
        }
        assertEquals(Map.of("DOG", 1L, "Dog", 1L, "dog", 1L), labels.images());
        push("overtaken", "cat");
        push("right", "cat");
        push("new", "Dog");
        GateCommand note = GateCommand.note("merged", "me");
        assertEquals(List.of("overtaken"), new Relabelling(clients, topics, new PromptKey("default"))
                .write(new Relabelling.Change(List.of(), labels.recordsNotOf("dog"), "dog", List.of()), note, labels.lastTimestamp()));
        try (TopicLog log = new TopicLog(clients)) {
            assertEquals(note, GateCommand.decode(log.read(topics.gateCommands()).get(0).value()));
        }
    }

    private void push(String id, String label) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            producer.send(new ImageFeature(id, label, Split.TRAIN, "m", new float[] {1}, 7, new SourcePosition(0, 1))
                    .encode(topics.imageFeatures()));
        }
    }
}
