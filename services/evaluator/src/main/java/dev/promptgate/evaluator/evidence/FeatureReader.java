package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.evaluator.EvaluatorMeters;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.InvalidRecordException;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.logging.ImageLog;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads features that prompts of a model can be judged on; counts those that are passed over. Not thread-safe. */
public final class FeatureReader {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureReader.class);

    private final ClipModel model;
    private final ClassNameCheck classNames;
    private final EvaluatorMeters meters;
    private boolean warned;

    /** @param contextTokens that stand before a class name in a prompt */
    public FeatureReader(ClipModel model, int contextTokens, EvaluatorMeters meters) {
        this.model = model;
        this.meters = meters;
        classNames = new ClassNameCheck(model.textEncoder(), contextTokens);
    }

    /** The feature of a record with a value; empty if it is damaged, of another model, or its label is too long for a prompt. */
    public Optional<ImageFeature> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            ImageFeature feature = ImageFeature.decode(record);
            if (feature.modelFingerprint().equals(model.fingerprint()) && feature.feature().length == model.featureDim()
                    && classNames.fits(feature.label())) {
                return Optional.of(feature);
            }
            ImageLog.debug(LOG, feature.imageId()).log("Ignored: of another model, or its label does not fit a prompt [offset: {}]",
                    record.offset());
            if (!warned) {
                warned = true;
                LOG.warn(
                        "Features are passed over that are of another model or whose labels do not fit a prompt [offset: {}, theirs: {}, ours: {}, label: {}]",
                        record.offset(), Quoted.of(feature.modelFingerprint()), model.fingerprint(), Quoted.of(feature.label()));
            }
        } catch (InvalidRecordException e) {
            ImageLog.warn(LOG, record).log("A feature record is passed over: {} [offset: {}]", e.getMessage(), record.offset());
        }
        meters.skipped();
        return Optional.empty();
    }
}
