package dev.promptgate.learner.update;

import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Quoted;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fingerprints of all that features depend on beside their files: preprocessing, precision, decoding. Features of several train
 * together, but not unnoticed. Those of older encoders, which have none, count as one more. Not thread-safe.
 */
final class FeatureOrigins {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureOrigins.class);
    private static final int MOST = 16;

    private final Set<String> known = new LinkedHashSet<>();
    private final LearnerMeters meters;

    FeatureOrigins(LearnerMeters meters) {
        this.meters = meters;
    }

    void take(ImageFeature feature) {
        if (known.size() < MOST && known.add(feature.file().fingerprint())) {
            meters.set(LearnerMeters.IMAGE_FINGERPRINTS, known.size());
            if (known.size() > 1) {
                LOG.warn("Features come from encoders that differ in preprocessing, precision or decoding, and train together; give all "
                        + "encoders the same model and settings, or encode anew, if that is not meant [image-fingerprint: {}]",
                        known.stream().map(Quoted::of).collect(Collectors.joining(", ")));
            }
        }
    }
}
