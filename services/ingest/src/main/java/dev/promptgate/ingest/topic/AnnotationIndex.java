package dev.promptgate.ingest.topic;

import dev.promptgate.messaging.annotation.AnnotatedImage;
import dev.promptgate.messaging.client.KafkaClients;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Which annotation gave which image its label: {@code label-studio-annotations}, read when it is asked, from where it was read before. So
 * several instances know what one of them wrote. In memory, an entry for each labelled task. Blocking, and for one thread; whoever makes it
 * closes it.
 */
public final class AnnotationIndex implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int FETCH_WAIT_MILLIS = 10; // at the topic's end a fetch holds up what is asked next

    private final LabelWriter writer;
    private final TopicPartition partition;
    private final Duration timeout;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, String> annotationOf = new HashMap<>();
    private final Map<String, String> imageOf = new HashMap<>();

    /** @param timeout in which it must have read what is new */
    public AnnotationIndex(KafkaClients clients, LabelWriter writer, String topic, Duration timeout) {
        this.writer = writer;
        this.timeout = timeout;
        partition = new TopicPartition(topic, 0);
        Map<String, Object> config = new HashMap<>(clients.consumer());
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        consumer = new KafkaConsumer<>(config);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Notes that an annotation gives an image its label; in place of the one before. */
    public CompletableFuture<RecordMetadata> put(String imageId, String annotation) {
        return writer.write(new AnnotatedImage(imageId, Optional.of(annotation)).encode(partition.topic()));
    }

    /** Notes that an image has no label any more. */
    public CompletableFuture<RecordMetadata> remove(String imageId) {
        return writer.write(new AnnotatedImage(imageId, Optional.empty()).encode(partition.topic()));
    }

    /**
     * The images whose present label comes from one of the annotations.
     *
     * @throws TimeoutException if Kafka does not answer in time
     */
    public List<String> imagesOf(Collection<String> annotations) {
        long deadline = System.nanoTime() + timeout.toNanos();
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                take(AnnotatedImage.decode(record));
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("The topic was not read to its end in time [topic: " + partition.topic() + "]");
            }
        }
        return annotations.stream().distinct().map(imageOf::get).filter(image -> image != null).toList();
    }

    private void take(AnnotatedImage image) {
        String before = annotationOf.remove(image.imageId());
        if (before != null) {
            imageOf.remove(before, image.imageId());
        }
        image.annotation().ifPresent(annotation -> {
            annotationOf.put(image.imageId(), annotation);
            imageOf.put(annotation, image.imageId());
        });
    }

    @Override
    public void close() {
        consumer.close();
    }
}
