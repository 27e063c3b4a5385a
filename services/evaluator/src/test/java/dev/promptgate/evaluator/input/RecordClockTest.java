package dev.promptgate.evaluator.input;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordClockTest {
    private static final long NOON = 1_700_000_000_000L;

    private long nanos;
    private final RecordClock clock = new RecordClock(NOON, () -> nanos);

    @Test
    void itGoesOnFromTheNewestRecord() {
        pass(2_000);
        assertEquals(NOON + 2_000, clock.now());
        clock.take(record(NOON + 10_000));
        pass(500);
        assertEquals(NOON + 10_500, clock.now());
        clock.take(record(NOON + 9_000));
        assertEquals(NOON + 10_500, clock.now(), "that one had waited");
    }

    @Test
    void aRecordFarBackSetsItBack() {
        long ahead = NOON + Duration.ofDays(365).toMillis();
        clock.take(record(ahead));
        assertEquals(ahead, clock.now());
        clock.take(record(NOON + 1_000));
        assertEquals(NOON + 1_000, clock.now());
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    private static ConsumerRecord<byte[], byte[]> record(long timestamp) {
        return new ConsumerRecord<>("image-features", 0, 0, timestamp, TimestampType.LOG_APPEND_TIME, -1, -1, null, null,
                new RecordHeaders(), Optional.empty());
    }
}
