package dev.promptgate.cli.erase;

import dev.promptgate.cli.command.KafkaFailure;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.topic.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Asks encoders to erase images, and waits until the features are gone. Blocking. */
record Erasing(KafkaClients clients, TopicNames topics, ErasedSet images) {
    private static final long POLL_MILLIS = 300;

    /** @throws IOException if a record was not written; what was written before is carried out, and the whole may be repeated */
    void ask() throws IOException {
        AtomicReference<Exception> failure = new AtomicReference<>();
        AtomicInteger written = new AtomicInteger();
        try (KafkaProducer<byte[], byte[]> producer = KafkaFailure.creating(
                () -> new KafkaProducer<>(new HashMap<>(clients.producer())))) {
            for (String id : images.ids()) {
                producer.send(ImageErasure.of(id, topics.labelledImages()), (sent, e) -> {
                    if (e == null) {
                        written.incrementAndGet();
                    } else {
                        failure.compareAndSet(null, e);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new IOException(KafkaFailure.explain(failure.get(), "images asked for before: " + written), failure.get());
        }
    }

    /** The ids of which features were there and still are when the time is over. */
    Set<String> awaitGone(Duration limit) throws InterruptedException {
        Set<String> left = new HashSet<>(images.present());
        try (TopicLog log = new TopicLog(clients)) {
            for (long end = System.nanoTime() + limit.toNanos(); !left.isEmpty() && System.nanoTime() < end; Thread.sleep(POLL_MILLIS)) {
                log.forEach(topics.imageFeatures(), images.lastTimestamp(), (read, total) -> {}, images::take);
                left.retainAll(images.present());
            }
        }
        return left;
    }
}
