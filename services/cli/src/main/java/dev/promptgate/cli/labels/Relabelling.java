package dev.promptgate.cli.labels;

import dev.promptgate.cli.command.KafkaFailure;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Writes features again under another label. A merge that fails in mid-way is repeated as it is. Kafka cannot write "unless it has
 * changed", so what an encoder wrote for the same images between reading and writing is looked for afterwards.
 */
record LabelMerge(KafkaClients clients, FeatureLabels labels) {
    /** @return the ids whose newest record was overtaken; @throws IOException if something was not written */
    List<String> write(String label) throws IOException {
        Collection<ConsumerRecord<byte[], byte[]>> records = labels.recordsNotOf(label);
        Map<String, Long> read = new HashMap<>();
        Map<String, Long> written = new ConcurrentHashMap<>();
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = KafkaFailure.creating(
                () -> new KafkaProducer<>(new HashMap<>(clients.producer())))) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                String id = ImageIds.of(record);
                read.put(id, record.offset());
                producer.send(ImageFeature.relabelled(record, label), (sent, e) -> {
                    if (e == null) {
                        written.put(id, sent.offset());
                    } else {
                        failure.compareAndSet(null, e);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new IOException(KafkaFailure.explain(failure.get(), "images merged before: " + written.size()), failure.get());
        }
        return overtaken(records.iterator().next().topic(), read, written);
    }

    private List<String> overtaken(String topic, Map<String, Long> read, Map<String, Long> written) {
        TreeSet<String> overtaken = new TreeSet<>();
        try (TopicLog log = new TopicLog(clients)) {
            log.forEach(topic, labels.lastTimestamp(), (done, total) -> {}, record -> {
                String id = ImageIds.hasKey(record) ? ImageIds.of(record) : "";
                if (read.containsKey(id) && record.offset() > read.get(id) && record.offset() < written.get(id)) {
                    overtaken.add(id);
                }
            });
        }
        return List.copyOf(overtaken);
    }
}
