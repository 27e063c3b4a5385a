package dev.promptgate.benchmarks.measure;

import dev.promptgate.clip.image.ImagePreprocessor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many images a second become pixels of a model's input, JPEG decoded whole and at reduced size, on all processors.
 *
 * @param whole preprocessing that decodes whole images
 * @param time of a timing; there are two of each kind, in turn
 */
public record DecodeThroughput(ImagePreprocessor whole, double reducingGap, Duration time) {
    private static final int ROUNDS = 2;

    /** Images a second. */
    public record Result(double whole, double reduced) {
        public double ratio() {
            return reduced / whole;
        }
    }

    /** Of a drawn photograph. */
    public Result ofDrawn(int megapixels) throws IOException, InterruptedException, ExecutionException {
        return of(List.of(Photograph.jpeg(megapixels)));
    }

    /** Of files, one after another. */
    public Result of(List<byte[]> files) throws InterruptedException, ExecutionException {
        ImagePreprocessor reduced = whole.withJpegReducingGap(reducingGap);
        perSecond(whole, files); // warms up
        perSecond(reduced, files);
        double wholes = 0;
        double reduceds = 0;
        for (int round = 0; round < ROUNDS; round++) {
            wholes += perSecond(whole, files) / ROUNDS;
            reduceds += perSecond(reduced, files) / ROUNDS;
        }
        return new Result(wholes, reduceds);
    }

    private double perSecond(ImagePreprocessor preprocessor, List<byte[]> files) throws InterruptedException, ExecutionException {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            AtomicLong images = new AtomicLong();
            long began = System.nanoTime();
            Callable<Void> work = () -> {
                while (System.nanoTime() - began < time.toNanos()) {
                    preprocessor.preprocess(files.get((int) (images.getAndIncrement() % files.size())));
                }
                return null;
            };
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(work));
            }
            for (Future<Void> each : running) {
                each.get();
            }
            return images.get() * 1e9 / (System.nanoTime() - began);
        } finally {
            pool.shutdownNow();
        }
    }
}
