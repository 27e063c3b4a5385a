package dev.promptgate.evaluator.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.evaluator.input.InputOrder.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class InputOrderTest {
    private static final long SLACK = 100;
    private static final long MOST = 1_000;
    private final InputOrder order = new InputOrder(SLACK, MOST);

    @Test
    void recordsComeInTheOrderOfTheirTimes() {
        add(Input.FEATURES, 10, 0);
        add(Input.FEATURES, 30, 0);
        add(Input.CANDIDATES, 20, 0);
        add(Input.COMMANDS, 30, 0);
        allAtEnd();
        assertEquals(List.of("FEATURES 10", "CANDIDATES 20", "COMMANDS 30", "FEATURES 30"), drain(SLACK));
        assertEquals(0, order.size());
    }

    @Test
    void aRecordWaitsUntilTheOtherInputsAreReadToTheirEnd() {
        add(Input.CANDIDATES, 20, 0);
        order.atEnd(Input.COMMANDS, true);
        assertTrue(order.poll(1_000).isEmpty(), "features before it may still come");
        add(Input.FEATURES, 10, 0);
        assertEquals(List.of("FEATURES 10"), drain(1_000));
        order.atEnd(Input.FEATURES, true);
        assertEquals(List.of("CANDIDATES 20"), drain(1_000));
    }

    @Test
    void atTheEndARecordWaitsForEarlierOnesThatMayBeOnTheirWay() {
        allAtEnd();
        add(Input.FEATURES, 30, 0);
        assertTrue(order.poll(SLACK - 1).isEmpty());
        add(Input.CANDIDATES, 20, SLACK - 1);
        assertEquals(List.of("CANDIDATES 20", "FEATURES 30"), drain(2 * SLACK));
    }

    @Test
    void ofALaterRecordTheOtherInputsNeedNotBeAtTheirEnd() {
        add(Input.FEATURES, 10, 0);
        add(Input.CANDIDATES, 20, 0);
        add(Input.COMMANDS, 30, 0);
        assertEquals(List.of("FEATURES 10"), drain(0));
    }

    /** Features come all the time, by a clock that is right; the command's is a day ahead. */
    @Test
    void aRecordOfAClockThatIsAheadWaitsForAMomentOnly() {
        allAtEnd();
        add(Input.COMMANDS, 1_000_000, 500);
        long taken = -1;
        for (long now = 500; now < 10_000 && taken < 0; now += 50) {
            add(Input.FEATURES, now, now);
            taken = drain(now).contains("COMMANDS 1000000") ? now : -1;
        }
        assertTrue(taken >= 500 + MOST && taken <= 500 + 2 * MOST, "taken at " + taken);
        add(Input.COMMANDS, 1_000_001, taken);
        assertEquals(List.of(), drain(taken).stream().filter(event -> event.startsWith("COMMANDS")).toList(), "as long for the next");
    }

    /** A command of a right clock, for whose turn many features must be read first, and the last of them may be followed by more. */
    @Test
    void whatComesLateInTheTopicsIsNotAhead() {
        add(Input.COMMANDS, 5_000, 0);
        order.atEnd(Input.COMMANDS, true);
        order.atEnd(Input.CANDIDATES, true);
        for (long now = 0; now < 20 * MOST; now += 100) {
            add(Input.FEATURES, now / 10, now);
            assertFalse(drain(now).contains("COMMANDS 5000"), "at " + now);
        }
        allAtEnd();
        add(Input.FEATURES, 4_999, 20 * MOST);
        assertEquals(List.of("FEATURES 1990"), drain(20 * MOST));
        assertEquals(List.of("FEATURES 4999", "COMMANDS 5000"), drain(20 * MOST + SLACK));
    }

    private void allAtEnd() {
        for (Input input : Input.values()) {
            order.atEnd(input, true);
        }
    }

    private void add(Input input, long timestamp, long receivedNanos) {
        order.add(input, new ConsumerRecord<>("t", 0, 0, timestamp, TimestampType.LOG_APPEND_TIME, 0, 0, null, null, new RecordHeaders(),
                Optional.empty()), receivedNanos);
    }

    private List<String> drain(long now) {
        List<String> events = new ArrayList<>();
        for (Optional<InputOrder.Event> event = order.poll(now); event.isPresent(); event = order.poll(now)) {
            events.add(event.get().input() + " " + event.get().record().timestamp());
        }
        return events;
    }
}
