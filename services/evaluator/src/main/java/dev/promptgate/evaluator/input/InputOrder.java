package dev.promptgate.evaluator.input;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Brings the records of several topics into one order, that of the times at which the broker wrote them, so that whoever reads the topics
 * again takes the same decisions in the same order. A record waits until every other input shows a later one or is read to its end, and for
 * a short while more, since a record may be on its way.
 *
 * <p>A record of a broker whose clock is ahead would wait until it is as late as that, while the other inputs go on. It is next once it
 * waited for long though everything is read: what is written now is not from before it, whatever its time says. Not thread-safe.
 */
public final class InputOrder {
    /** The inputs; of records with the same time the earlier input's goes first. */
    public enum Input {
        COMMANDS, CANDIDATES, FEATURES
    }

    public record Event(Input input, ConsumerRecord<byte[], byte[]> record, long receivedNanos) {}

    private final long slackNanos;
    private final long mostNanos;
    /** Everything from before what was received by then is taken in. */
    private long settledNanos = -1;
    private long markedNanos = -1;
    private final Map<Input, Deque<Event>> queues = new EnumMap<>(Input.class);
    private final Map<Input, Boolean> atEnd = new EnumMap<>(Input.class);

    /**
     * @param slackNanos how long a record waits for earlier ones of other topics that may be on their way
     * @param mostNanos longer than any of these is on its way; one that is ahead of all others waits for so long, and at most twice as long
     */
    public InputOrder(long slackNanos, long mostNanos) {
        this.slackNanos = slackNanos;
        this.mostNanos = mostNanos;
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
        mark(nowNanos);
        Optional<Event> next = first(head -> true).filter(first -> isSure(first, nowNanos))
                .or(() -> first(head -> head.receivedNanos() <= settledNanos));
        next.ifPresent(event -> queues.get(event.input()).remove());
        return next;
    }

    /** What is received at a time at which all inputs are read to their ends has nothing before it that is not received. */
    private void mark(long nowNanos) {
        if (atEnd.containsValue(false) || markedNanos >= 0 && nowNanos - markedNanos < mostNanos) {
            return;
        }
        settledNanos = markedNanos;
        markedNanos = nowNanos;
    }

    /** Of the inputs' first records that are asked for, that of the least time. */
    private Optional<Event> first(Predicate<Event> isAskedFor) {
        return queues.values().stream().map(Deque::peek).filter(head -> head != null && isAskedFor.test(head))
                .reduce((a, b) -> b.record().timestamp() < a.record().timestamp() ? b : a);
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
