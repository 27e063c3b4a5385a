package dev.promptgate.cli.labels;

import dev.promptgate.cli.command.KafkaFailure;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.topic.TopicNames;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Writes features again under another label, what is said of classes, and a note of it for the prompt's history, in one transaction:
 * readers of committed records see all of it or nothing. Kafka cannot write "unless it has changed", so what an encoder wrote for the same
 * images between reading and writing is looked for afterwards. The transaction has the producer's minute: if the process is killed in it,
 * readers wait no longer than that, and no longer than until such a command runs again. Of two that run at a time the later one ends the
 * other. Blocking.
 */
record Relabelling(KafkaClients clients, TopicNames topics, PromptKey prompt) {
    /**
     * What is written, in this order, in which readers take it in.
     *
     * @param before said of classes that images may come to
     * @param images the last records of those that get the label
     * @param after said of classes that images have left
     */
    record Change(List<ClassState> before, Collection<ConsumerRecord<byte[], byte[]>> images, String label, List<ClassState> after) {
        /** Says something of a class, and moves no image. */
        static Change of(ClassState state) {
            return new Change(List.of(state), List.of(), state.name(), List.of());
        }
    }

    /**
     * @param since the broker's time of the last record that was read, epoch milliseconds
     * @return the ids whose newest record was overtaken
     * @throws IOException if it was not done; nothing has changed then
     */
    List<String> write(Change change, GateCommand note, long since) throws IOException {
        Map<String, Object> config = new HashMap<>(clients.producer());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "promptgate-labels-" + topics.prefix()); // ends what a killed one left open
        Map<String, Long> read = new HashMap<>();
        Map<String, Long> written = new ConcurrentHashMap<>();
        try (KafkaProducer<byte[], byte[]> producer = KafkaFailure.creating(() -> new KafkaProducer<>(config))) {
            producer.initTransactions();
            producer.beginTransaction();
            change.before().forEach(state -> producer.send(state.encode(topics.imageFeatures())));
            for (ConsumerRecord<byte[], byte[]> record : change.images()) {
                String id = ImageIds.of(record);
                read.put(id, record.offset());
                producer.send(ImageFeature.relabelled(record, change.label()), (sent, e) -> {
                    if (e == null) {
                        written.put(id, sent.offset());
                    }
                });
            }
            change.after().forEach(state -> producer.send(state.encode(topics.imageFeatures())));
            producer.send(new ProducerRecord<>(topics.gateCommands(), prompt.bytes(), note.encode()));
            producer.commitTransaction(); // fails if one record did
        } catch (KafkaException e) {
            throw new IOException(KafkaFailure.explain(e, "nothing was changed"), e);
        }
        return read.isEmpty() ? List.of() : overtaken(since, read, written);
    }

    private List<String> overtaken(long since, Map<String, Long> read, Map<String, Long> written) {
        TreeSet<String> overtaken = new TreeSet<>();
        try (TopicLog log = new TopicLog(clients)) {
            log.forEach(topics.imageFeatures(), since, (done, total) -> {}, record -> {
                String id = ImageIds.hasKey(record) ? ImageIds.of(record) : "";
                if (read.containsKey(id) && record.offset() > read.get(id) && record.offset() < written.get(id)) {
                    overtaken.add(id);
                }
            });
        }
        return List.copyOf(overtaken);
    }
}
