package dev.promptgate.classifier.pipeline;

import dev.promptgate.classifier.ClassifierMeters;
import dev.promptgate.classifier.ClassifierSettings;
import dev.promptgate.classifier.Overload;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.service.batching.Batcher;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * From image files to features: decodes in parallel, batches by size or delay, encodes on one thread. Knows no Vert.x. Thread-safe; the
 * caller bounds what is in flight and closes it.
 */
public final class ImagePipeline implements AutoCloseable {
    private record Job(float[] pixels, CompletableFuture<float[]> feature) {}

    private final ClipModel model;
    private final ImagePreprocessor preprocessor;
    private final ClassifierMeters meters;
    private final Batcher<Job> batcher;
    private final ExecutorService decoders;
    private final Thread encoder;

    public ImagePipeline(ClassifierSettings settings, ClipModel model, ClassifierMeters meters) {
        this.model = model;
        this.meters = meters;
        preprocessor = model.preprocessor().withLimits(settings.imageLimits());
        batcher = new Batcher<>(settings.batchSize(), settings.batchDelay(), settings.queue());
        AtomicInteger number = new AtomicInteger();
        decoders = Executors.newFixedThreadPool(settings.decodeThreads(),
                task -> new Thread(task, "promptgate-classifier-decode-" + number.getAndIncrement()));
        encoder = new Thread(this::encodeBatches, "promptgate-classifier-encode");
        encoder.start();
        meters.gauge(ClassifierMeters.QUEUE, batcher::waiting);
    }

    /**
     * Starts work on an image file. The future gives the feature [dim], L2-normalised, or fails with {@link ImageRejectedException}, with
     * {@link Overload#QUEUE}, or with what the model threw; it completes on a thread of the pipeline.
     */
    public CompletableFuture<float[]> submit(byte[] file) {
        CompletableFuture<float[]> feature = new CompletableFuture<>();
        decoders.execute(() -> decode(file, feature));
        return feature;
    }

    private void decode(byte[] file, CompletableFuture<float[]> feature) {
        long began = System.nanoTime();
        try {
            float[] pixels = preprocessor.preprocess(file);
            meters.decodeTime(System.nanoTime() - began);
            if (!batcher.tryOffer(new Job(pixels, feature))) {
                meters.overload(Overload.QUEUE);
                feature.completeExceptionally(Overload.QUEUE.exception());
            }
        } catch (ImageRejectedException | RuntimeException | OutOfMemoryError e) {
            feature.completeExceptionally(e);
        }
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
        batch.forEach(queued -> meters.queueTime(began - queued.arrivedNanos()));
        try {
            float[][] features = model.imageEncoder().encode(batch.stream().map(queued -> queued.job().pixels()).toList());
            meters.batch(batch.size(), System.nanoTime() - began);
            for (int i = 0; i < features.length; i++) {
                batch.get(i).job().feature().complete(features[i]);
            }
        } catch (RuntimeException e) {
            batch.forEach(queued -> queued.job().feature().completeExceptionally(e));
        }
    }

    /** Ends the threads after the batch in hand; what waits behind it never completes. Blocking. */
    @Override
    public void close() {
        decoders.shutdownNow();
        batcher.close();
        try {
            encoder.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
