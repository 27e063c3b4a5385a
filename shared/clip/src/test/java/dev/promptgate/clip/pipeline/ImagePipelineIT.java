package dev.promptgate.clip.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.clip.memory.DecodeMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Encoder and classifier rest on these; with the bundled model. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImagePipelineIT {
    private static final int BATCH = 4;
    private static final Duration NEVER = Duration.ofMinutes(10);

    private final List<byte[]> files = SampleStream.entries().stream().limit(3L * BATCH).map(SampleStream::bytes).toList();
    private final PipelineMeters unheard = new PipelineMeters(nanos -> {}, nanos -> {}, size -> {}, nanos -> {});
    private ClipModel model;

    @BeforeAll
    void load(@TempDir Path directory) throws IOException {
        model = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
    }

    @AfterAll
    void close() {
        model.close();
    }

    @Test
    void featuresAreThoseOfTheModelInTheOrderAsked() throws Exception {
        AtomicInteger decoded = new AtomicInteger();
        AtomicInteger queued = new AtomicInteger();
        AtomicInteger encoded = new AtomicInteger();
        PipelineMeters counting = new PipelineMeters(nanos -> decoded.incrementAndGet(), nanos -> queued.incrementAndGet(),
                encoded::addAndGet, nanos -> {});
        try (ImagePipeline pipeline = pipeline(options(NEVER, false), counting)) {
            List<CompletableFuture<ImagePipeline.Encoded>> futures = files.stream().map(file -> pipeline.submit(p -> p.preprocess(file)))
                    .toList();
            for (int i = 0; i < files.size(); i++) {
                float[] alone = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(files.get(i))))[0];
                assertArrayEquals(alone, futures.get(i).get().feature(), 1e-5f);
                assertEquals(BATCH, futures.get(i).get().batch());
            }
        }
        assertEquals(List.of(files.size(), files.size(), files.size()), List.of(decoded.get(), queued.get(), encoded.get()));
    }

    @Test
    void aSmallBatchThatIsFilledUpGivesTheSame() throws Exception {
        try (ImagePipeline pipeline = pipeline(options(Duration.ofMillis(1), true), unheard)) {
            ImagePipeline.Encoded one = pipeline.submit(p -> p.preprocess(files.get(0))).get();
            float[] alone = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(files.get(0))))[0];
            assertArrayEquals(alone, one.feature(), 1e-5f);
            assertEquals(1, one.batch(), "what fills it up does not count");
        }
    }

    @Test
    void whatFailsInDecodingFailsAlone() throws Exception {
        try (ImagePipeline pipeline = pipeline(options(Duration.ofMillis(5), false), unheard)) {
            CompletableFuture<ImagePipeline.Encoded> bad = pipeline.submit(p -> p.preprocess(new byte[] {1, 2, 3}));
            CompletableFuture<ImagePipeline.Encoded> good = pipeline.submit(p -> p.preprocess(files.get(0)));
            CompletableFuture<ImagePipeline.Encoded> huge = pipeline.submit(p -> {
                throw new OutOfMemoryError("as an image may be too large");
            });
            CompletableFuture<ImagePipeline.Encoded> deep = pipeline.submit(p -> {
                throw new StackOverflowError("as a decoder may recurse");
            });
            assertEquals(model.featureDim(), good.get().feature().length);
            assertTrue(assertThrows(CompletionException.class, () -> deep.orTimeout(10, TimeUnit.SECONDS).join())
                    .getCause() instanceof StackOverflowError);
            assertTrue(assertThrows(CompletionException.class, bad::join).getCause() instanceof ImageRejectedException);
            assertTrue(assertThrows(CompletionException.class, huge::join).getCause() instanceof OutOfMemoryError);
        }
    }

    @Test
    void anErrorInABatchIsToldAndTheNextBatchIsEncoded() throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        PipelineMeters failing = new PipelineMeters(unheard.decodeTime(), unheard.queueTime(), size -> {
            if (failed.compareAndSet(false, true)) {
                throw new NoClassDefFoundError("as a library may be broken");
            }
        }, unheard.encodeTime());
        try (ImagePipeline pipeline = pipeline(options(Duration.ofMillis(5), false), failing)) {
            CompletableFuture<ImagePipeline.Encoded> first = pipeline.submit(p -> p.preprocess(files.get(0)));
            assertTrue(assertThrows(CompletionException.class, () -> first.orTimeout(10, TimeUnit.SECONDS).join())
                    .getCause() instanceof NoClassDefFoundError);
            assertEquals(model.featureDim(), pipeline.submit(p -> p.preprocess(files.get(0))).get(10, TimeUnit.SECONDS).feature().length);
        }
    }

    @Test
    void whoWillNotWaitIsToldThatTheQueueIsFull() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        PipelineMeters holding = new PipelineMeters(nanos -> {}, nanos -> {
            held.countDown();
            awaitQuietly(release);
        }, size -> {}, nanos -> {});
        IllegalStateException full = new IllegalStateException("full");
        try (ImagePipeline pipeline = pipeline(new ImagePipeline.Options("test", 2, ImageLimits.DEFAULT, 1, NEVER, false, 1), holding)) {
            CompletableFuture<ImagePipeline.Encoded> inHand = pipeline.submit(p -> p.preprocess(files.get(0)));
            held.await();
            CompletableFuture<ImagePipeline.Encoded> waiting = pipeline.submit(p -> p.preprocess(files.get(1)), () -> full);
            while (pipeline.waiting() == 0) {
                Thread.sleep(1);
            }
            CompletableFuture<ImagePipeline.Encoded> refused = pipeline.submit(p -> p.preprocess(files.get(2)), () -> full);
            assertSame(full, assertThrows(CompletionException.class, refused::join).getCause());
            release.countDown();
            assertEquals(1, inHand.get().batch());
            assertEquals(1, waiting.get().batch());
        }
    }

    @Test
    void whatWaitsForItsBatchIsDroppedAtTheEnd() throws Exception {
        DecodeMemory memory = new DecodeMemory(16 << 20);
        ImageLimits limits = new ImageLimits(1_000_000, 1 << 20, memory);
        ImagePipeline pipeline = pipeline(new ImagePipeline.Options("test", 2, limits, BATCH, NEVER, false, 64), unheard);
        CompletableFuture<ImagePipeline.Encoded> lone = pipeline.submit(p -> p.preprocess(files.get(0)));
        int side = model.preprocessor().size();
        long pixels = 3L * Float.BYTES * side * side;
        while (memory.taken() != pixels) { // what it takes for decoding is given back, what was decoded is not
            Thread.sleep(1);
        }
        pipeline.finishBatch();
        pipeline.close();
        assertFalse(lone.isDone());
        assertEquals(0, memory.taken());
    }

    @Test
    void whoWaitsForMemoryAtTheEndIsDroppedToo() throws Exception {
        DecodeMemory memory = new DecodeMemory(16 << 20);
        ImageLimits limits = new ImageLimits(1_000_000, 1 << 20, memory);
        ImagePipeline pipeline = pipeline(new ImagePipeline.Options("test", 2, limits, BATCH, NEVER, false, 64), unheard);
        try (DecodeMemory.Grant all = memory.take(memory.bytes())) {
            CompletableFuture<ImagePipeline.Encoded> lone = pipeline.submit(p -> p.preprocess(files.get(0)));
            while (memory.waiting() == 0) {
                Thread.sleep(1);
            }
            pipeline.finishBatch();
            assertFalse(lone.isDone());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ImagePipeline.Options options(Duration delay, boolean padBatches) {
        return new ImagePipeline.Options("test", 2, ImageLimits.DEFAULT, BATCH, delay, padBatches, 64);
    }

    private ImagePipeline pipeline(ImagePipeline.Options options, PipelineMeters told) {
        return new ImagePipeline(model.preprocessor(), model.imageEncoder(), options, told);
    }
}
