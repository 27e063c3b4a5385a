package dev.promptgate.clip.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatcherTest {
    @Test
    void aFullBatchLeavesWithoutWaiting() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(3, Duration.ofMinutes(10), 12);
        for (int i = 0; i < 7; i++) {
            batcher.offer(i);
        }
        assertEquals(List.of(0, 1, 2), jobs(batcher.take()));
        assertEquals(List.of(3, 4, 5), jobs(batcher.take()));
    }

    @Test
    void aLoneJobLeavesAfterTheDelay() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(3, Duration.ofMillis(20), 12);
        batcher.offer(1);
        assertEquals(List.of(1), jobs(batcher.take()));
    }

    @Test
    void closingWakesTheTaker() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(3, Duration.ofMinutes(10), 12);
        batcher.offer(1);
        batcher.close();
        assertTrue(batcher.take().isEmpty());
    }

    @Test
    void whoOffersMoreThanTheQueueHoldsWaits() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(2, Duration.ofMillis(1), 8);
        for (int i = 0; i < 8; i++) {
            batcher.offer(i);
        }
        CountDownLatch offered = new CountDownLatch(1);
        Thread offering = new Thread(() -> {
            try {
                batcher.offer(8);
                offered.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        offering.start();
        assertFalse(offered.await(100, TimeUnit.MILLISECONDS));
        assertEquals(List.of(0, 1), jobs(batcher.take()));
        assertTrue(offered.await(10, TimeUnit.SECONDS));
    }

    @Test
    void aFullQueueIsToldToWhoWillNotWait() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(2, Duration.ofMillis(1), 3);
        assertTrue(batcher.tryOffer(0) && batcher.tryOffer(1) && batcher.tryOffer(2));
        assertFalse(batcher.tryOffer(3));
        assertEquals(3, batcher.waiting());
        assertEquals(List.of(0, 1), jobs(batcher.take()));
        assertTrue(batcher.tryOffer(4));
        assertEquals(List.of(2, 4), jobs(batcher.take()));
    }

    @Test
    void closingWorksOnAFullQueue() throws InterruptedException {
        Batcher<Integer> batcher = new Batcher<>(1, Duration.ofMinutes(10), 4);
        for (int i = 0; i < 4; i++) {
            batcher.offer(i);
        }
        batcher.close();
        assertTrue(batcher.take().isEmpty());
    }

    private static List<Integer> jobs(List<Batcher.Queued<Integer>> batch) {
        return batch.stream().map(Batcher.Queued::job).toList();
    }
}
