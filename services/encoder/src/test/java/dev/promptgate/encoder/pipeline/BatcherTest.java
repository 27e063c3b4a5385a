package dev.promptgate.encoder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatcherTest {
    @Test
    void aFullBatchLeavesWithoutWaiting() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(3, Duration.ofMinutes(10));
        IntStream.range(0, 7).forEach(batcher::offer);
        assertEquals(List.of(0, 1, 2), jobs(batcher.take()));
        assertEquals(List.of(3, 4, 5), jobs(batcher.take()));
    }

    @Test
    void aLoneJobLeavesAfterTheDelay() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(3, Duration.ofMillis(20));
        batcher.offer(1);
        assertEquals(List.of(1), jobs(batcher.take()));
    }

    @Test
    void closingWakesTheTaker() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(3, Duration.ofMinutes(10));
        batcher.offer(1);
        batcher.close();
        assertTrue(batcher.take().isEmpty());
    }

    private static List<Integer> jobs(List<Batcher.Queued<Integer>> batch) {
        return batch.stream().map(Batcher.Queued::job).toList();
    }
}
