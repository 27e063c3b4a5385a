package dev.promptgate.evaluator.input;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Brings the records of several topics into one order, that of the times at which the broker wrote them, so that whoever reads the topics
 * again takes the same decisions in the same order. A record waits until every other input shows a later one or is read to its end, and for
 * a short while more, since a record may be on its way. Not thread-safe.
 */
public final class InputOrder {
    /** The inputs; of records with the same time the earlier input's goes first. */
    public enum Input {
        COMMANDS, CANDIDATES, FEATURES
    }

    public record Event(Input input, ConsumerRecord<byte[], byte[]> record, long receivedNanos) {}

    private final long slackNanos;
    private final Map<Input, Deque<Event>> queues = new EnumMap<>(Input.class);
    private final Map<Input, Boolean> atEnd = new EnumMap<>(Input.class);

    /** @param slackNanos how long a record waits for earlier ones of other topics that may be on their way */
    public InputOrder(long slackNanos) {
        this.slackNanos = slackNanos;
        for (Input input : Input.values()) {
            queues.put(input, new ArrayDeque<>());
            atEnd.put(input, false);
        }
    }

    public void add(Input input, ConsumerRecord<byte[], byte[]> record, long nowNanos) {
        queues.get(input).add(new Event(input, record, nowNanos));
    }

    /** Whether the input is read to its end as far as is known. */
    public void atEnd(Input input, boolean isAtEnd) {
        atEnd.put(input, isAtEnd);
    }

    /** The next record, once it is sure to be. */
    public Optional<Event> poll(long nowNanos) {
        Event first = null;
        for (Input input : Input.values()) {
            Event head = queues.get(input).peek();
            if (head != null && (first == null || head.record().timestamp() < first.record().timestamp())) {
                first = head;
            }
        }
        if (first == null || !isSure(first, nowNanos)) {
            return Optional.empty();
        }
        queues.get(first.input()).remove();
        return Optional.of(first);
    }

    private boolean isSure(Event first, long nowNanos) {
        boolean alone = false;
        for (Input other : Input.values()) {
            if (other != first.input() && queues.get(other).isEmpty()) {
                if (!atEnd.get(other)) {
                    return false;
                }
                alone = true;
            }
        }
        return !alone || nowNanos - first.receivedNanos() >= slackNanos;
    }

    public int size() {
        return queues.values().stream().mapToInt(Deque::size).sum();
    }

    public int size(Input input) {
        return queues.get(input).size();
    }
}
