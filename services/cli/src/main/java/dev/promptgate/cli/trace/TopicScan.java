package dev.promptgate.cli.trace;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads topics to their present end, one after another, until a limit of time is over; those that take longer than a moment have a progress
 * bar on standard error. Blocking; one thread.
 */
final class TopicScan implements AutoCloseable {
    private static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final class OutOfTimeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final TopicLog log;
    private final long deadlineNanos;
    private final List<String> unread = new ArrayList<>();
    private String reached = "";
    private long began;
    private ProgressBar bar;

    /** @param limit for all topics together */
    TopicScan(KafkaClients clients, Duration limit) {
        log = new TopicLog(within(clients, limit));
        deadlineNanos = System.nanoTime() + limit.toNanos();
    }

    /** No single question to the brokers may take longer than all of them together. */
    private static KafkaClients within(KafkaClients clients, Duration limit) {
        Map<String, String> properties = new HashMap<>(clients.properties());
        properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(Math.min(60_000, limit.toMillis())));
        return new KafkaClients(clients.bootstrapServers(), properties, clients.maxRequestBytes());
    }

    /**
     * Hands over a topic's committed records from a time on, epoch milliseconds, 0 for all; all of them only if the time suffices. Throws
     * IllegalStateException if there is no such topic.
     */
    void forEach(String topic, long since, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        reached = "0%";
        began = System.nanoTime();
        try {
            log.forEach(topic, since, (offsets, total) -> advance(topic, offsets, total), action);
        } catch (OutOfTimeException e) {
            unread.add("%s was read to %s".formatted(topic, reached));
        } finally {
            if (bar != null) {
                bar.close();
                bar = null;
            }
        }
    }

    private void advance(String topic, long offsets, long total) {
        if (bar == null && offsets < total && System.nanoTime() - began > MOMENT_NANOS) {
            bar = new ProgressBarBuilder().setTaskName(topic).setInitialMax(total).setUpdateIntervalMillis(250).build();
        }
        if (bar != null) {
            bar.stepTo(offsets);
        }
        reached = String.format(Locale.ROOT, "%.0f%%", 100.0 * offsets / total);
        if (offsets < total && System.nanoTime() > deadlineNanos) {
            throw new OutOfTimeException();
        }
    }

    /** Topics not read to their end, and how far they were. */
    List<String> unread() {
        return unread;
    }

    @Override
    public void close() {
        log.close();
    }
}
