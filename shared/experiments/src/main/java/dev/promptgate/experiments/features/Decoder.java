package dev.promptgate.experiments.features;

import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.clip.image.Crop;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ExperimentImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;

/** Reads, hashes and decodes images on as many threads as there are processors. Closing it ends what is under way. */
final class Decoder implements AutoCloseable {
    static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** The pixels of some views of one image, one [3 · size · size] per view; none if the image was rejected. */
    record Decoded(List<View> views, List<float[]> pixels, Optional<String> rejection) {}

    private final ImagePreprocessor preprocessor;
    private final ExecutorService workers;

    Decoder(ImagePreprocessor preprocessor) {
        this.preprocessor = preprocessor;
        workers = Executors.newFixedThreadPool(THREADS,
                new BasicThreadFactory.Builder().namingPattern("image-decoder-%d").daemon(true).build());
    }

    /** SHA-256 of each image's file, in their order. */
    List<String> hashes(List<ExperimentImage> images) throws DataException {
        List<Future<String>> futures = images.stream().map(image -> workers.submit(() -> Sha256.hex(read(image)))).toList();
        List<String> hashes = new ArrayList<>(images.size());
        for (Future<String> future : futures) {
            hashes.add(await(future));
        }
        return hashes;
    }

    /** The views are of this image, by rising index. */
    Future<Decoded> decode(ExperimentImage image, List<View> views) {
        return workers.submit(() -> {
            byte[] file = read(image);
            if (!Sha256.hex(file).equals(views.get(0).content())) {
                throw new DataException("An image has changed since its file was first read; start again [image: " + image.id() + "]");
            }
            try {
                List<float[]> pixels = new ArrayList<>(views.size());
                if (views.get(0).index() == 0) {
                    pixels.add(preprocessor.preprocess(file));
                }
                List<Crop.Rule> crops = views.stream().filter(view -> view.index() > 0).map(view -> (Crop.Rule) view.crop()).toList();
                if (!crops.isEmpty()) {
                    pixels.addAll(preprocessor.preprocessCrops(file, crops));
                }
                return new Decoded(views, pixels, Optional.empty());
            } catch (ImageRejectedException e) {
                return new Decoded(views, List.of(), Optional.of(e.getMessage()));
            }
        });
    }

    static <T> T await(Future<T> future) throws DataException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("The encoding was interrupted; what was encoded so far is in the cache", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DataException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("Decoding failed", e.getCause());
        }
    }

    private static byte[] read(ExperimentImage image) throws DataException {
        try {
            return image.bytes().read();
        } catch (IOException | UncheckedIOException e) {
            throw new DataException("An image cannot be read; make the file readable [image: %s, cause: %s]".formatted(image.id(), e), e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
