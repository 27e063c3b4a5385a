package dev.promptgate.cli;

import dev.promptgate.messaging.client.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Assertions;

/** What became of labelled images, counted as it comes; values are not kept. */
final class Outcomes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(240);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> messages = new ArrayList<>();

    Outcomes(KafkaClients clients, String prefix) {
        consumer = new KafkaConsumer<>(new HashMap<>(clients.consumer()));
        consumer.assign(Stream.of("image-features", "rejected-images").flatMap(topic -> consumer.partitionsFor(prefix + topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList());
    }

    /** Waits a little for more. */
    void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            Header code = record.headers().lastHeader("error-code");
            counts.merge(code == null ? "feature" : text(code), 1, Integer::sum);
            if (code != null) {
                messages.add(text(record.headers().lastHeader("error-message")));
            }
        }
    }

    /** Waits for as many, and fails if the service ends before. */
    void await(int total, RunningService service) {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); total() < total; poll()) {
            Assertions.assertTrue(service.process().isAlive() && System.nanoTime() < end, () -> counts + service.log());
        }
    }

    int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** By code; features are called so. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** Of rejections. */
    List<String> messages() {
        return messages;
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
