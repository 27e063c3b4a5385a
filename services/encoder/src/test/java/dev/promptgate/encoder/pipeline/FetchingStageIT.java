package dev.promptgate.encoder.pipeline;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.clip.pipeline.ImagePipeline;
import dev.promptgate.clip.pipeline.PipelineMeters;
import dev.promptgate.testing.model.BundledModelTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is fetched is bounded, and holds up nothing else. */
@BundledModelTest
class FetchingStageIT {
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));
    private static final int PARALLEL = 3;

    private final ImagePipeline images;
    private final FetchingStage stage;

    FetchingStageIT(ClipModel model) {
        images = new ImagePipeline(model.preprocessor(), model.imageEncoder(),
                new ImagePipeline.Options("test", 1, ImageLimits.DEFAULT, 4, Duration.ofMillis(5), false, 16),
                new PipelineMeters(nanos -> {}, nanos -> {}, size -> {}, nanos -> {}));
        stage = new FetchingStage(images, PARALLEL);
    }

    @AfterEach
    void close() {
        stage.close();
        images.close();
    }

    @Test
    void noMoreIsFetchedThanMayWaitForDecoding() throws Exception {
        CountDownLatch decode = new CountDownLatch(1);
        AtomicInteger fetched = new AtomicInteger();
        List<CompletableFuture<ImagePipeline.Encoded>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(stage.submit(fetched::incrementAndGet, preprocessor -> {
                decode.await();
                return preprocessor.preprocess(IMAGE);
            }));
        }
        await().until(() -> fetched.get() == PARALLEL);
        Thread.sleep(100);
        assertEquals(PARALLEL, fetched.get(), "fetched while nothing was decoded");
        decode.countDown();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        assertEquals(10, fetched.get());
    }

    @Test
    void aHostThatDoesNotAnswerHoldsNoDecodingUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<CompletableFuture<ImagePipeline.Encoded>> waiting = new ArrayList<>();
        for (int i = 0; i < 2 * PARALLEL; i++) {
            waiting.add(stage.submit(never::await, preprocessor -> preprocessor.preprocess(IMAGE)));
        }
        images.submit(preprocessor -> preprocessor.preprocess(IMAGE)).get(30, TimeUnit.SECONDS);
        waiting.forEach(future -> assertFalse(future.isDone()));
    }

    @Test
    void failuresAreToldAndMakeRoomForOthers() throws Exception {
        for (int i = 0; i < 2 * PARALLEL; i++) {
            CompletableFuture<ImagePipeline.Encoded> unread = stage.submit(() -> {
                throw new OutOfMemoryError("not enough for this one");
            }, preprocessor -> preprocessor.preprocess(IMAGE));
            assertInstanceOf(OutOfMemoryError.class, causeOf(unread));
            CompletableFuture<ImagePipeline.Encoded> undecoded = stage.submit(() -> {}, preprocessor -> {
                throw new IOException("no image");
            });
            assertInstanceOf(IOException.class, causeOf(undecoded));
        }
        stage.submit(() -> {}, preprocessor -> preprocessor.preprocess(IMAGE)).get(30, TimeUnit.SECONDS);
    }

    @Test
    void whatIsBeingFetchedWhenItClosesNeverCompletes() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CompletableFuture<ImagePipeline.Encoded> fetching = stage.submit(() -> {
            began.countDown();
            new CountDownLatch(1).await();
        }, preprocessor -> preprocessor.preprocess(IMAGE));
        began.await();
        stage.close();
        images.finishBatch();
        Thread.sleep(100);
        assertFalse(fetching.isDone());
    }

    private static Throwable causeOf(CompletableFuture<ImagePipeline.Encoded> failed) {
        return assertThrows(ExecutionException.class, () -> failed.get(30, TimeUnit.SECONDS)).getCause();
    }
}
