package dev.promptgate.evaluator;

import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.evaluator.input.InputOrder;
import dev.promptgate.evaluator.input.InputOrder.Input;
import dev.promptgate.evaluator.input.RecordClock;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.kafka.ListeningTime;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Brings what is read into one order and hands it to the {@link Gatekeeper}, and tells it when nothing is there to take in. Knows no
 * consumer. {@link #takeIn} blocks; any thread, one call at a time.
 */
public final class EvaluatorIntake {
    /** How long a record waits for earlier ones of other topics; a commit takes a few milliseconds, on a busy machine some more. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Longer than the transaction of any encoder or learner lasts. */
    private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final GatekeeperStart start;
    private final TopicNames topics;
    private final PromptKey key;
    private final int measureEvery;
    private final long idleNanos;
    private final Clock clock;
    private final RecordClock time;
    private Runnable onStep = () -> {};
    private final ListeningTime listening;
    private final InputOrder order = new InputOrder(SLACK_NANOS, MOST_NANOS);
    private final Map<Input, TopicPartition> partitions = new EnumMap<>(Input.class);
    private final List<TopicPartition> live;
    private final List<ConsumerRecord<byte[], byte[]>> replay = new ArrayList<>();
    private long lastRecordNanos;
    private boolean isLiveRead;

    /** @param poll how long a poll waits */
    public EvaluatorIntake(EvaluatorSettings settings, GatekeeperStart.Means means, GatekeeperStart start, Duration poll) {
        this.start = start;
        topics = means.topics();
        clock = means.clock();
        listening = new ListeningTime(poll.toNanos(), SLACK_NANOS, clock.monotonicTime());
        time = new RecordClock(start.gatekeeper().time(), clock::monotonicTime);
        key = new PromptKey(settings.prompt());
        measureEvery = settings.get(EvaluatorSettings.MEASURE_EVERY);
        idleNanos = settings.get(EvaluatorSettings.IDLE_TIME).toNanos();
        partitions.put(Input.FEATURES, start.features());
        partitions.put(Input.CANDIDATES, new TopicPartition(topics.promptCandidates(), 0));
        partitions.put(Input.COMMANDS, new TopicPartition(topics.gateCommands(), 0));
        live = start.live().all().stream().map(topic -> new TopicPartition(topic, 0)).toList();
        lastRecordNanos = clock.monotonicTime();
        start.pending().forEach((input, records) -> records.forEach(record -> order.add(input, record, 0)));
    }

    /** Has it told of each record that was taken in, on the thread that does. */
    public void onStep(Runnable listener) {
        onStep = listener;
    }

    /** What decisions rest on: features, candidates and commands. */
    public Collection<TopicPartition> inputs() {
        return partitions.values();
    }

    /** Which partitions are to be read, and from which offsets on: the inputs, and what is live. */
    public Map<TopicPartition, Long> offsets() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        live.forEach(partition -> offsets.put(partition, start.ends().get(partition)));
        partitions.values().forEach(partition -> offsets.put(partition, start.ends().get(partition)));
        offsets.put(start.features(), start.begin());
        return offsets;
    }

    /** Takes note of what a poll brought, and of which partitions are known to be read to their ends then. */
    public void add(Iterable<ConsumerRecord<byte[], byte[]>> records, Predicate<TopicPartition> isAtEnd) {
        listening.polled(clock.monotonicTime());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            lastRecordNanos = clock.monotonicTime();
            sort(record);
        }
        partitions.forEach((input, partition) -> order.atEnd(input, isAtEnd.test(partition)));
        isLiveRead = live.stream().allMatch(isAtEnd);
    }

    private void sort(ConsumerRecord<byte[], byte[]> record) {
        if (start.live().all().contains(record.topic())) {
            start.live().take(record);
        } else if (record.topic().equals(topics.imageFeatures())) {
            if (record.offset() < start.replayBefore()) {
                replay.add(record);
            } else {
                order.add(Input.FEATURES, record, listening.nanos());
            }
        } else if (key.isOf(record)) {
            order.add(record.topic().equals(topics.promptCandidates()) ? Input.CANDIDATES : Input.COMMANDS, record, listening.nanos());
        }
    }

    /**
     * Hands over what is sure to be next. Blocking: runs the text tower.
     *
     * @param position offset of the feature that is read next: compaction may have taken the record before it
     */
    public void takeIn(long position) {
        replay.forEach(start.gatekeeper()::replay);
        replay.clear();
        takeInWhatIsSure();
        if (order.size() == 0 && position >= Math.max(start.replayBefore(), start.end())) {
            idle();
        }
        start.gatekeeper().show();
    }

    private void takeInWhatIsSure() {
        Gatekeeper gatekeeper = start.gatekeeper();
        for (Optional<InputOrder.Event> next = next(); next.isPresent(); next = next()) {
            ConsumerRecord<byte[], byte[]> record = next.get().record();
            time.take(record);
            switch (next.get().input()) {
                case FEATURES -> gatekeeper.feature(record);
                case CANDIDATES -> gatekeeper.candidate(record);
                case COMMANDS -> gatekeeper.command(record);
            }
            onStep.run();
            if (gatekeeper.changesSinceMeasurement() >= measureEvery) {
                gatekeeper.measure();
            }
        }
    }

    private Optional<InputOrder.Event> next() {
        return order.poll(listening.nanos());
    }

    /** What the gate does once everything that was read is taken in. */
    private void idle() {
        Gatekeeper gatekeeper = start.gatekeeper();
        gatekeeper.idle(time.at(listening.readUntil()));
        if (isLiveRead) {
            gatekeeper.guard(start.live(), listening.readUntil());
        }
        if (clock.monotonicTime() - lastRecordNanos >= idleNanos) {
            gatekeeper.measure();
        }
    }

    /** Records that were read and are not taken in yet. */
    public int waiting() {
        return order.size();
    }

    public int waitingFeatures() {
        return order.size(Input.FEATURES);
    }
}
