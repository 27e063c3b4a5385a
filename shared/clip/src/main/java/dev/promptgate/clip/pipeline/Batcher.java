package dev.promptgate.clip.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Forms batches by size or delay: blocks for the first job, then adds what arrives until the batch is full or the first job has waited
 * {@code maxDelay}. A job that waited that long behind an earlier batch leaves at once with whatever is queued.
 *
 * <p>Any thread offers and closes, one thread takes. The queue is bounded: who offers more waits, or is told so.
 *
 * @param <T> the jobs
 */
public final class Batcher<T> {
    /** A job and when it came; the job is null in the wake-up call of {@link #close}. */
    public record Queued<T>(T job, long arrivedNanos) {}

    private final int maxSize;
    private final long maxDelayNanos;
    private final BlockingQueue<Queued<T>> queue;
    private volatile boolean closed;

    /** @param capacity of the queue, jobs */
    public Batcher(int maxSize, Duration maxDelay, int capacity) {
        this.maxSize = maxSize;
        maxDelayNanos = maxDelay.toNanos();
        queue = new LinkedBlockingQueue<>(capacity);
    }

    /** Waits while the queue is full. */
    public void offer(T job) throws InterruptedException {
        queue.put(new Queued<>(job, System.nanoTime()));
    }

    /** False, and nothing is taken, while the queue is full. */
    public boolean tryOffer(T job) {
        return queue.offer(new Queued<>(job, System.nanoTime()));
    }

    public int waiting() {
        return queue.size();
    }

    /** Blocks for the next batch; empty once closed. */
    public List<Queued<T>> take() throws InterruptedException {
        List<Queued<T>> batch = new ArrayList<>(maxSize);
        Queued<T> next = queue.take();
        long deadline = next.arrivedNanos() + maxDelayNanos;
        while (next != null && !closed) {
            batch.add(next);
            queue.drainTo(batch, maxSize - batch.size());
            if (batch.size() == maxSize) {
                break;
            }
            long remaining = deadline - System.nanoTime();
            next = remaining <= 0 ? queue.poll() : queue.poll(remaining, TimeUnit.NANOSECONDS);
        }
        return closed ? List.of() : batch;
    }

    /** Drops what is queued; the batch that was taken is not touched. */
    public void close() {
        closed = true;
        while (!queue.offer(new Queued<>(null, System.nanoTime()))) {
            queue.poll(); // full: make room for the wake-up call
        }
    }
}
