package dev.promptgate.learner.update;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerMeters.SkipReason;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.logging.ImageLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds feature records to the learner in their order, and knows how far it is: the horizon of the next candidate. A pause of the stream is
 * told by the records' own times, so that whoever reads them again finds the same pauses. Knows no Kafka client. Not thread-safe.
 */
final class FeatureStream {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureStream.class);

    private final ContinualLearner learner;
    private final String fingerprint;
    private final int dim;
    private final ClassNameCheck classNames;
    private final long settleMillis;
    private final LearnerMeters meters;
    private final ReusedIds reusedIds;
    private final FeatureOrigins origins;
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private long offset;
    private long lastTimestamp;
    private boolean warned;

    /** @param end of the topic at the start */
    FeatureStream(ContinualLearner learner, PromptModel model, LearnerSettings settings, LearnerMeters meters, long end) {
        this.learner = learner;
        fingerprint = model.fingerprint();
        dim = model.featureDim();
        classNames = new ClassNameCheck(model.textEncoder(), settings.learning().start().contextTokens());
        settleMillis = settings.values().get(LearnerSettings.SETTLE_TIME).toMillis();
        this.meters = meters;
        reusedIds = new ReusedIds(end, meters);
        origins = new FeatureOrigins(meters);
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        waiting.add(record);
    }

    /** Takes in records until an update should start (true) or none is left (false). */
    boolean advance() {
        while (!waiting.isEmpty()) {
            if (isPausedBefore(waiting.peek()) || take(waiting.remove(), true)) {
                return true;
            }
        }
        return false;
    }

    /** Takes in all records that wait; whether an update should have started before any of them or behind it. */
    boolean takeAll() {
        boolean isDue = false;
        while (!waiting.isEmpty()) {
            isDue |= isPausedBefore(waiting.peek());
            isDue |= take(waiting.remove(), true);
        }
        return isDue;
    }

    private boolean isPausedBefore(ConsumerRecord<byte[], byte[]> record) {
        return record.timestamp() - lastTimestamp >= settleMillis && learner.isUpdateDue();
    }

    /** Takes in a record that an earlier learner had taken in. */
    void replay(ConsumerRecord<byte[], byte[]> record) {
        take(record, false);
    }

    /** Takes in one record; true if an update should start now. */
    private boolean take(ConsumerRecord<byte[], byte[]> record, boolean isNew) {
        offset = record.offset() + 1;
        lastTimestamp = record.timestamp();
        if (ClassState.isIn(record)) {
            takeClass(record, isNew);
            return false;
        }
        if (record.value() == null) {
            forgetDeleted(record);
            return false;
        }
        Optional<ImageFeature> usable = usable(record);
        if (usable.isEmpty()) {
            return false;
        }
        ImageFeature feature = usable.get();
        reusedIds.take(feature, record.offset());
        if (feature.split() != Split.TRAIN) {
            learner.forget(feature.imageId()); // maybe it trained before
            ImageLog.debug(LOG, feature.imageId()).log("Ignored: not for training [split: {}]", feature.split());
            return false;
        }
        meters.increment(LearnerMeters.FEATURES);
        if (learner.isRetired(feature.label())) {
            meters.increment(LearnerMeters.RETIRED);
        }
        origins.take(feature);
        Optional<String> before = learner.memory().labelOf(feature.imageId());
        boolean isUpdateDue = learner.offer(new Shot(feature.imageId(), feature.label(), feature.feature()), feature.timestamp());
        logPlace(feature, before, isNew);
        return isUpdateDue;
    }

    private void takeClass(ConsumerRecord<byte[], byte[]> record, boolean isNew) {
        try {
            ClassState state = ClassState.decode(record);
            if (!state.description().map(classNames::fits).orElse(true)) {
                passOver(record, SkipReason.LABEL_TOO_LONG,
                        "What is said of a class cannot be used: its description makes more tokens than "
                                + "the model's text tower takes");
                return;
            }
            learner.retire(state.name(), state.isRetired());
            learner.describe(state.name(), state.description());
            if (isNew) {
                LOG.info("A class changed [class: {}, retired: {}, description: {}]", Quoted.of(state.name()), state.isRetired(),
                        Quoted.of(state.description().orElse("none")));
            }
        } catch (InvalidRecordException e) {
            passOver(record, SkipReason.MALFORMED, e.getMessage());
        }
    }

    private void passOver(ConsumerRecord<byte[], byte[]> record, SkipReason reason, String why) {
        meters.increment(LearnerMeters.SKIPPED, reason);
        LOG.warn("A record is passed over: {} [partition: {}, offset: {}]", why, record.partition(), record.offset());
    }

    private void forgetDeleted(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() != null) {
            String imageId = new String(record.key(), StandardCharsets.UTF_8);
            learner.forget(imageId);
            reusedIds.forget(imageId);
            ImageLog.debug(LOG, imageId).log("Taken out of the memory: it was deleted");
        }
    }

    /** The record's feature, unless it must be passed over. */
    private Optional<ImageFeature> usable(ConsumerRecord<byte[], byte[]> record) {
        ImageFeature feature;
        try {
            feature = ImageFeature.decode(record);
        } catch (InvalidRecordException e) {
            meters.increment(LearnerMeters.SKIPPED, SkipReason.MALFORMED);
            ImageLog.warn(LOG, record).log("A feature record is passed over: {} [partition: {}, offset: {}]", e.getMessage(),
                    record.partition(), record.offset());
            return Optional.empty();
        }
        if (!feature.modelFingerprint().equals(fingerprint)) {
            meters.increment(LearnerMeters.SKIPPED, SkipReason.OTHER_MODEL);
            ImageLog.debug(LOG, feature.imageId()).log("Ignored: of another model [offset: {}]", record.offset());
            if (!warned) {
                warned = true;
                LOG.warn("Features of another model are passed over; run encoder and learner with the same --model [theirs: {}, ours: {}]",
                        Quoted.of(feature.modelFingerprint()), fingerprint);
            }
            return Optional.empty();
        }
        if (feature.feature().length != dim) {
            meters.increment(LearnerMeters.SKIPPED, SkipReason.MALFORMED);
            ImageLog.warn(LOG, record).log("A feature record is passed over: it is of another length than the model's [found: {}, "
                    + "needed: {}, offset: {}]", feature.feature().length, dim, record.offset());
            return Optional.empty();
        }
        if (!classNames.fits(feature.label())) {
            meters.increment(LearnerMeters.SKIPPED, SkipReason.LABEL_TOO_LONG);
            ImageLog.warn(LOG, record).log(
                    "A feature record is passed over: its label makes more tokens than the model's text tower takes [offset: {}]",
                    record.offset());
            return Optional.empty();
        }
        return Optional.of(feature);
    }

    private void logPlace(ImageFeature feature, Optional<String> before, boolean isNew) {
        if (isNew && before.isPresent() && !before.get().equals(feature.label())) {
            ImageLog.info(LOG, feature.imageId()).log("Relabelled [before: {}, now: {}]", Quoted.of(before.get()),
                    Quoted.of(feature.label()));
        }
        if (LOG.isDebugEnabled()) {
            boolean known = before.equals(Optional.of(feature.label()));
            String what = switch (learner.memory().placeOf(feature.imageId())) {
                case SAMPLE -> known ? "In the memory already" : "Taken into the memory";
                case RESERVE -> known ? "In reserve already" : "Kept in reserve: its class has its shots, images with smaller hashes";
                case NONE -> "Ignored: its class has shots and reserve, images with smaller hashes";
            };
            ImageLog.debug(LOG, feature.imageId()).log("{} [label: {}, shots of the class: {}]", what, Quoted.of(feature.label()),
                    learner.memory().size(feature.label()));
        }
    }

    /** Writes the lines that are due about more than one image. */
    void tell() {
        reusedIds.tell();
    }

    /** Records that were read and are not taken in yet. */
    int waiting() {
        return waiting.size();
    }

    /** The offset behind what was taken in. */
    long offset() {
        return offset;
    }
}
