package dev.promptgate.encoder.pipeline;

import dev.promptgate.clip.pipeline.ImagePipeline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads records whose images may be kept elsewhere on threads of its own, so that a slow host holds no decoding thread up, and hands them
 * to the image pipeline. Bounds how many images are fetched, or fetched and not yet decoded; the caller bounds what waits for that.
 * Thread-safe.
 */
final class FetchingStage implements AutoCloseable {
    /** The step before decoding; what it throws is what the image's future fails with. */
    @FunctionalInterface
    interface Reading {
        void read() throws Exception;
    }

    private final ImagePipeline images;
    private final ExecutorService threads;
    private final Semaphore room;

    FetchingStage(ImagePipeline images, int parallel) {
        this.images = images;
        room = new Semaphore(parallel);
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(parallel, task -> new Thread(task, "promptgate-fetch-" + number.getAndIncrement()));
    }

    CompletableFuture<ImagePipeline.Encoded> submit(Reading reading, ImagePipeline.Decoding decoding) {
        CompletableFuture<ImagePipeline.Encoded> encoded = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                room.acquire();
                read(reading);
                images.submit(preprocessor -> {
                    try {
                        return decoding.pixels(preprocessor);
                    } finally {
                        room.release();
                    }
                }).whenComplete((done, failure) -> complete(encoded, done, failure));
            } catch (InterruptedException | RejectedExecutionException e) {
                Thread.currentThread().interrupt(); // closing: nobody waits any more
            } catch (Throwable e) { // an Error, too: who waits must be told
                encoded.completeExceptionally(e);
            }
        });
        return encoded;
    }

    private void read(Reading reading) throws Exception {
        try {
            reading.read();
        } catch (Throwable e) {
            room.release();
            throw e;
        }
    }

    private static <T> void complete(CompletableFuture<T> future, T value, Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }

    /** Ends what is being fetched; that never completes. Does not wait. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
