package dev.promptgate.cli.produce;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes the records of images a few ahead of their turn, since a store far away takes its time for each, and hands them over in order. For
 * one thread.
 */
final class ReadAhead implements AutoCloseable {
    private static final int IMAGES = 8; // each may be as large as images.max-bytes

    record Turn(PushedImage image, Future<ProducerRecord<byte[], byte[]>> made) {
        /** @throws IOException as {@link PushedImage#record} does */
        ProducerRecord<byte[], byte[]> record() throws IOException, InterruptedException {
            try {
                return made.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException unreadable) {
                    throw unreadable;
                }
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private final Iterator<PushedImage> images;
    private final String topic;
    private final int limit;
    private final Deque<Turn> turns = new ArrayDeque<>();
    private final ExecutorService readers = Executors.newFixedThreadPool(IMAGES, task -> {
        Thread thread = new Thread(task, "read-ahead");
        thread.setDaemon(true);
        return thread;
    });

    ReadAhead(Iterable<PushedImage> images, String topic, int limit) {
        this.images = images.iterator();
        this.topic = topic;
        this.limit = limit;
    }

    boolean hasNext() {
        return !turns.isEmpty() || images.hasNext();
    }

    Turn next() {
        while (turns.size() < IMAGES && images.hasNext()) {
            PushedImage image = images.next();
            turns.add(new Turn(image, readers.submit(() -> image.record(topic, limit))));
        }
        return turns.remove();
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
