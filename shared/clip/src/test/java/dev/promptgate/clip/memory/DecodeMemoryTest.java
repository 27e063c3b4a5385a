package dev.promptgate.clip.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.memory.DecodeMemory.BusyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DecodeMemoryTest {
    private static final int KIB = 1024;

    private final DecodeMemory memory = new DecodeMemory(100 * KIB);

    @Test
    void manyThreadsNeverHoldMoreThanThereIs() throws Exception {
        AtomicLong held = new AtomicLong();
        AtomicLong most = new AtomicLong();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            Random random = new Random(thread);
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 100; i++) {
                    int bytes = 1 + random.nextInt(60 * KIB);
                    try (DecodeMemory.Grant grant = memory.take(bytes)) {
                        most.accumulateAndGet(held.addAndGet(bytes), Math::max);
                        LockSupport.parkNanos(100_000);
                        held.addAndGet(-bytes);
                    }
                }
            }, task -> new Thread(task).start()));
        }
        threads.forEach(CompletableFuture::join);
        assertTrue(most.get() > 60 * KIB && most.get() <= memory.bytes(), "most at once: " + most);
        assertEquals(0, memory.taken());
    }

    @Test
    void aLargeImageIsNotPassedOverBySmallOnes() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        DecodeMemory.Grant first = memory.take(50 * KIB);
        Thread large = waiting(memory.bytes(), "large", order);
        Thread small = waiting(KIB, "small", order); // would fit at once
        assertEquals(List.of(), order);
        assertEquals(2, memory.waiting());
        first.close();
        large.join();
        small.join();
        assertEquals(List.of("large", "small"), order);
    }

    @Test
    void whoIsInterruptedOrGivesUpTakesNothingAndStaysInterrupted() throws Exception {
        try (DecodeMemory.Grant all = memory.take(memory.bytes())) {
            CountDownLatch interrupted = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                assertThrows(CancellationException.class, () -> memory.take(KIB));
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.countDown();
                }
            });
            thread.start();
            awaitWaiting(1);
            thread.interrupt();
            assertTrue(interrupted.await(10, TimeUnit.SECONDS));
            BusyException busy = assertThrows(BusyException.class, () -> memory.waitingAtMost(Duration.ofMillis(5)).take(KIB));
            assertTrue(busy.getMessage().contains("1024"), busy.getMessage());
        }
        assertEquals(0, memory.taken());
        assertEquals(0, memory.waiting());
    }

    @Test
    void aGrantIsGivenBackOnceAndByFailuresToo() {
        DecodeMemory.Grant grant = memory.take(1);
        assertEquals(KIB, memory.taken(), "a grant is rounded up");
        grant.close();
        grant.close();
        assertEquals(0, memory.taken());
        assertThrows(CompletionException.class, () -> {
            try (DecodeMemory.Grant held = memory.take(KIB)) {
                throw new CompletionException(new OutOfMemoryError("as an image may be too large"));
            }
        });
        assertEquals(0, memory.taken());
    }

    @Test
    void moreThanThereIsIsNeverWaitedFor() {
        assertThrows(IllegalArgumentException.class, () -> memory.take(memory.bytes() + 1));
    }

    private Thread waiting(long bytes, String name, List<String> order) throws InterruptedException {
        int before = memory.waiting();
        Thread thread = new Thread(() -> {
            try (DecodeMemory.Grant grant = memory.take(bytes)) {
                order.add(name);
            }
        });
        thread.start();
        awaitWaiting(before + 1);
        return thread;
    }

    private void awaitWaiting(int threads) throws InterruptedException {
        while (memory.waiting() < threads) {
            Thread.sleep(1);
        }
    }
}
