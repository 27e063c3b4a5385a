package dev.promptgate.experiments.features;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.vision.ImageEncoder;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ExperimentImage;
import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.ImageSet;
import dev.promptgate.experiments.features.FeatureSet.Sample;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.commons.lang3.Validate;

/**
 * Turns an image set into features. Every file is hashed; views that the cache lacks are decoded on other threads, not far ahead of this
 * one, which encodes them in batches and keeps them in the cache as it goes. Damaged images are skipped, named with their reason.
 */
public final class FeatureEncoder {
    /**
     * What encoding an image set came to: how many views the model encoded in this run and how many came from the cache, each once, however
     * many images have the same bytes; a line for whatever should be known: damaged cache files, test images among the training images.
     */
    public record Encoding(FeatureSet features, int encoded, int cached, List<String> notes) {}

    /**
     * Follows the encoding of an image set, on the thread that encodes: called once the cache was looked through, and after every batch.
     */
    @FunctionalInterface
    public interface ProgressListener {
        /** Of the distinct views of the set, those that are encoded, cached or skipped, and those that were encoded in this run. */
        void progress(int done, int total, int encoded);
    }

    private static final int BATCH = 32;

    private record Waiting(View view, float[] pixels) {}

    private final ImageEncoder encoder;
    private final ModelFeatures cache;
    private final ProgressListener listener;
    private final Contents contents;
    private final int total;
    private final Map<String, float[]> features;
    private final int cached;
    private final Map<String, String> rejections = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int encoded;
    private int lost;

    private FeatureEncoder(ImageEncoder encoder, ModelFeatures cache, Contents contents, ProgressListener listener) throws DataException {
        this.encoder = encoder;
        this.cache = cache;
        this.contents = contents;
        this.listener = listener;
        Set<String> keys = contents.views().values().stream().flatMap(List::stream).map(View::toString).collect(Collectors.toSet());
        total = keys.size();
        features = cache.find(keys);
        cached = features.size();
    }

    /**
     * Encodes what the cache lacks, on this thread.
     *
     * @param store the directory of the cache: below it there is one for each model. Any number of threads and processes may use it at
     *     once, and it may be deleted when none does
     * @param augmentedViews further views of each training image: random resized crops, see {@link RandomResizedCrop}
     * @throws DataException if a file or the cache cannot be read, or a class is left without training or test images; what was encoded
     *     until then is in the cache
     */
    public static Encoding encode(ImageSet set, ClipModel model, Path store, int augmentedViews, ProgressListener listener)
            throws DataException {
        Validate.isTrue(augmentedViews >= 0, "The number of augmented views must not be negative [views: %d]", augmentedViews);
        try (Decoder decoder = new Decoder(model.preprocessor()); ModelFeatures cache = ModelFeatures.open(store, model)) {
            Contents contents = Contents.of(set.images(), decoder.hashes(set.images()), augmentedViews);
            FeatureEncoder run = new FeatureEncoder(model.imageEncoder(), cache, contents, listener);
            run.encodeMissing(decoder, Math.max(Decoder.THREADS + 1, 2 * BATCH / (1 + augmentedViews)));
            FeatureSet result = run.features(set, augmentedViews);
            result.requireWhole();
            List<String> notes = new ArrayList<>(cache.notes());
            contents.shared(set.images()).ifPresent(notes::add);
            return new Encoding(result, run.encoded, run.cached, notes);
        }
    }

    private void encodeMissing(Decoder decoder, int lookAhead) throws DataException {
        progress();
        Iterator<Map.Entry<String, List<View>>> missing = missing().entrySet().iterator();
        Deque<Future<Decoder.Decoded>> ahead = new ArrayDeque<>();
        while (missing.hasNext() || !ahead.isEmpty()) {
            while (ahead.size() < lookAhead && missing.hasNext()) {
                Map.Entry<String, List<View>> next = missing.next();
                ahead.add(decoder.decode(contents.first().get(next.getKey()), next.getValue()));
            }
            accept(Decoder.await(ahead.remove()));
        }
        encodeBatch();
    }

    private Map<String, List<View>> missing() {
        Map<String, List<View>> missing = new LinkedHashMap<>();
        contents.views().forEach((content, views) -> {
            List<View> unknown = views.stream().filter(view -> !features.containsKey(view.toString())).toList();
            if (!unknown.isEmpty()) {
                missing.put(content, unknown);
            }
        });
        return missing;
    }

    private void accept(Decoder.Decoded decoded) throws DataException {
        if (decoded.rejection().isPresent()) {
            rejections.put(decoded.views().get(0).content(), decoded.rejection().get());
            lost += decoded.views().size();
        }
        for (int i = 0; i < decoded.pixels().size(); i++) {
            waiting.add(new Waiting(decoded.views().get(i), decoded.pixels().get(i)));
            if (waiting.size() == BATCH) {
                encodeBatch();
            }
        }
    }

    private void encodeBatch() throws DataException {
        float[][] batch = encoder.encode(waiting.stream().map(Waiting::pixels).toList());
        for (float[] feature : batch) {
            View view = waiting.remove().view();
            for (float value : feature) {
                if (!Float.isFinite(value)) {
                    throw new DataException("The model's feature of an image is not finite; is the model damaged? [image: "
                            + contents.first().get(view.content()).id() + "]");
                }
            }
            cache.put(view.toString(), feature);
            features.put(view.toString(), feature);
            encoded++;
        }
        progress();
    }

    private void progress() {
        listener.progress(cached + encoded + lost, total, encoded);
    }

    private FeatureSet features(ImageSet set, int augmentedViews) {
        List<Sample> train = new ArrayList<>();
        List<Sample> test = new ArrayList<>();
        List<FeatureSet.Skipped> skipped = new ArrayList<>();
        Map<String, Integer> classIndex = new HashMap<>();
        set.classes().forEach(name -> classIndex.put(name, classIndex.size()));
        for (int i = 0; i < set.images().size(); i++) {
            ExperimentImage image = set.images().get(i);
            String content = contents.ofImage().get(i);
            if (rejections.containsKey(content)) {
                skipped.add(new FeatureSet.Skipped(image.id(), rejections.get(content)));
            } else {
                int views = image.part() == DataPart.TRAIN ? 1 + augmentedViews : 1;
                float[][] all = contents.views().get(content).stream().limit(views).map(view -> features.get(view.toString()))
                        .toArray(float[][]::new);
                (image.part() == DataPart.TRAIN ? train : test).add(new Sample(image.id(), classIndex.get(image.label()), all));
            }
        }
        return new FeatureSet(set.name(), set.classes(), train, test, skipped);
    }
}
