package dev.promptgate.chaos.faults;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.chaos.Stream;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;

/** A producer of labelled images, a few every second, now and then of a class that is new; the same ones in the same order every time. */
final class Feed implements AutoCloseable {
    private static final int EACH_SECOND = 15;
    private static final int FIRST_CLASSES = 8;
    private static final int IMAGES_PER_NEW_CLASS = 150;
    private static final int PROBE_CLASSES = 2;
    private static final String PATIENCE_MS = "600000";

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final List<List<SampleStream.Entry>> classes = new ArrayList<>();
    private final Map<Integer, Integer> sentOf = new HashMap<>();
    private final Map<SourcePosition, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger failed = new AtomicInteger();
    private final Thread thread = new Thread(this::push, "feed");
    private volatile boolean over;
    private int sent;

    Feed(Stream stream) {
        Map<String, Object> config = new HashMap<>(stream.clients().producer());
        config.put("delivery.timeout.ms", PATIENCE_MS);
        config.put("max.block.ms", PATIENCE_MS);
        producer = new KafkaProducer<>(config);
        topic = stream.topics().labelledImages();
        Map<String, List<SampleStream.Entry>> byLabel = new LinkedHashMap<>();
        SampleStream.entries().forEach(entry -> byLabel.computeIfAbsent(entry.label(), label -> new ArrayList<>()).add(entry));
        classes.addAll(byLabel.values());
        classes.forEach(entries -> Collections.shuffle(entries, new Random(1)));
    }

    void start() {
        thread.start();
    }

    private void push() {
        try {
            while (!over) {
                for (int i = 0; i < EACH_SECOND; i++) {
                    LabelledImage image = next();
                    producer.send(image.encode(topic), (metadata, e) -> {
                        if (e == null) {
                            acknowledged.put(new SourcePosition(metadata.partition(), metadata.offset()), image.imageId());
                        } else {
                            failed.incrementAndGet();
                            System.out.println("chaos: an image could not be sent: " + e);
                        }
                    });
                }
                Thread.sleep(1_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first classes judge unseen ones; the others come one after another. */
    private LabelledImage next() {
        int begun = Math.min(classes.size(), PROBE_CLASSES + FIRST_CLASSES + sent / IMAGES_PER_NEW_CLASS);
        int label = sent++ % begun;
        int turn = sentOf.merge(label, 1, Integer::sum) - 1;
        List<SampleStream.Entry> entries = classes.get(label);
        SampleStream.Entry entry = entries.get(turn % entries.size());
        Split split = label < PROBE_CLASSES ? Split.PROBE : WireName.parse(Split.class, entry.split()).orElseThrow();
        return new LabelledImage(entry.file() + "#" + turn / entries.size(), entry.label(), split, SampleStream.bytes(entry), 0);
    }

    /** Ends it, and waits until every image is acknowledged or has failed. */
    void finish() throws InterruptedException {
        over = true;
        thread.join();
        producer.flush();
    }

    /** Where brokers said that they had written which image. */
    Map<SourcePosition, String> acknowledged() {
        return acknowledged;
    }

    int failed() {
        return failed.get();
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
        producer.close(Duration.ZERO);
    }
}
