package dev.promptgate.clip.pipeline;

import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.clip.vision.ImageEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * From image files to features: decodes in parallel, batches by size or delay, encodes on one thread. Knows no Kafka and no Vert.x.
 * Thread-safe; the caller bounds what is in flight and closes it.
 */
public final class ImagePipeline implements AutoCloseable {
    /** The step on a decoding thread, from whatever was submitted to pixels. */
    @FunctionalInterface
    public interface Decoding {
        /** Pixels [3 · size · size] of one image; what is thrown is what its future fails with. */
        float[] pixels(ImagePreprocessor preprocessor) throws Exception;
    }

    /** The feature [dim] of an image, L2-normalised, and how many images were encoded together. */
    public record Encoded(float[] feature, int batch) {}

    /**
     * How images are grouped.
     *
     * @param threads what the threads' names begin with
     * @param limits of an image file; what was decoded takes its share of their memory until it is encoded
     * @param padBatches whether smaller batches are filled up, so that a GPU sees one shape only
     * @param queue decoded images that may wait for a batch
     */
    public record Options(String threads, int decodeThreads, ImageLimits limits, int batchSize, Duration batchDelay, boolean padBatches,
            int queue) {}

    @FunctionalInterface
    private interface Queueing {
        void add(Job job) throws InterruptedException;
    }

    private record Job(float[] pixels, CompletableFuture<Encoded> encoded) {}

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final ImageEncoder encoder;
    private final ImagePreprocessor preprocessor;
    private final int padTo;
    private final PipelineMeters meters;
    private final Batcher<Job> batcher;
    private final ExecutorService decoders;
    private final Thread encoding;
    /** What decoded images take, each until its future is complete. */
    private final Set<DecodeMemory.Grant> held = ConcurrentHashMap.newKeySet();

    /** Starts the decoding pool and the encoding thread. */
    public ImagePipeline(ImagePreprocessor preprocessor, ImageEncoder encoder, Options options, PipelineMeters meters) {
        this.encoder = encoder;
        this.preprocessor = preprocessor.withLimits(options.limits());
        this.meters = meters;
        padTo = options.padBatches() ? options.batchSize() : 0;
        batcher = new Batcher<>(options.batchSize(), options.batchDelay(), options.queue());
        AtomicInteger number = new AtomicInteger();
        decoders = Executors.newFixedThreadPool(options.decodeThreads(),
                task -> new Thread(task, options.threads() + "-decode-" + number.getAndIncrement()));
        encoding = new Thread(this::encodeBatches, options.threads() + "-encode");
        encoding.start();
    }

    /**
     * Starts work on an image; its decoding thread waits while the queue is full. The future fails with what the decoding or the model
     * threw, and completes on a thread of the pipeline.
     */
    public CompletableFuture<Encoded> submit(Decoding image) {
        return submit(image, batcher::offer);
    }

    /** The same for whoever will not wait: the future fails with {@code whenFull} while the queue is full. */
    public CompletableFuture<Encoded> submit(Decoding image, Supplier<? extends RuntimeException> whenFull) {
        return submit(image, job -> {
            if (!batcher.tryOffer(job)) {
                throw whenFull.get();
            }
        });
    }

    private CompletableFuture<Encoded> submit(Decoding image, Queueing queueing) {
        CompletableFuture<Encoded> encoded = new CompletableFuture<>();
        decoders.execute(() -> {
            long began = System.nanoTime();
            try {
                float[] pixels = image.pixels(preprocessor);
                meters.decodeTime().accept(System.nanoTime() - began);
                hold(pixels, encoded);
                queueing.add(new Job(pixels, encoded));
            } catch (InterruptedException | CancellationException e) {
                Thread.currentThread().interrupt(); // closing: nobody waits any more
            } catch (Throwable e) { // an Error, too: who waits must be told
                encoded.completeExceptionally(e);
            }
        });
        return encoded;
    }

    /** After decoding, whose memory was given back: nobody waits for memory while holding some. */
    private void hold(float[] pixels, CompletableFuture<Encoded> encoded) {
        DecodeMemory.Grant grant = preprocessor.limits().memory().take((long) Float.BYTES * pixels.length);
        held.add(grant);
        encoded.whenComplete((feature, failure) -> {
            held.remove(grant);
            grant.close();
        });
    }

    /** Decoded images that wait for a batch. */
    public int waiting() {
        return batcher.waiting();
    }

    private void encodeBatches() {
        try {
            for (List<Batcher.Queued<Job>> batch = batcher.take(); !batch.isEmpty(); batch = batcher.take()) {
                encode(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void encode(List<Batcher.Queued<Job>> batch) {
        long began = System.nanoTime();
        try {
            batch.forEach(queued -> meters.queueTime().accept(began - queued.arrivedNanos()));
            List<float[]> pixels = batch.stream().map(queued -> queued.job().pixels()).toList();
            float[][] features = encoder.encode(pixels, Math.max(padTo, pixels.size()));
            meters.batchSize().accept(batch.size());
            meters.encodeTime().accept(System.nanoTime() - began);
            for (int i = 0; i < features.length; i++) {
                batch.get(i).job().encoded().complete(new Encoded(features[i], batch.size()));
            }
        } catch (Throwable e) { // an Error that ended this thread would leave everybody waiting
            batch.forEach(queued -> queued.job().encoded().completeExceptionally(e));
        }
    }

    /**
     * Lets the batch that is being encoded finish, drops what waits behind it, and ends the threads. What was dropped never completes.
     * Blocking.
     */
    public void finishBatch() throws InterruptedException {
        finishBatch(Duration.ZERO);
    }

    private void finishBatch(Duration atMost) throws InterruptedException {
        decoders.shutdownNow();
        batcher.close();
        encoding.join(atMost.toMillis()); // 0 is for ever
        held.forEach(DecodeMemory.Grant::close); // of what was dropped
    }

    /** The same, waiting for a while only. */
    @Override
    public void close() {
        try {
            finishBatch(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
