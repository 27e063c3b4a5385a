package dev.promptgate.experiments.features;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.data.DataException;
import java.nio.file.Path;

/**
 * An on-disk cache of image features, by the file's content, the model and the view; below the directory there is one for each model. It
 * may be used by any number of threads and processes at once, and may be deleted at any time when none does.
 *
 * @param directory usually {@code features} in the directory where models are kept, see {@link #in}
 */
public record FeatureStore(Path directory) {
    /** In its place within the directory where models are kept. */
    public static FeatureStore in(Path cacheDirectory) {
        return new FeatureStore(cacheDirectory.resolve("features"));
    }

    /** The features of one model; the caller closes them, which writes what is not yet written. */
    ModelFeatures of(ClipModel model) throws DataException {
        return ModelFeatures.open(directory.resolve(model.imageFingerprint().replace(':', '-')), model.imageFingerprint(),
                model.featureDim());
    }
}
