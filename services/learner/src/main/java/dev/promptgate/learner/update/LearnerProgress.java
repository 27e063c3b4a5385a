package dev.promptgate.learner.update;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.service.kafka.Catchup;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the learner is: takes records in and tells which update is due. First it remembers without training what an earlier learner had
 * learned from, then it has the update run that one had begun, if any, and from there it goes by the stream. Not thread-safe.
 */
public final class LearnerProgress {
    /** An update that is due: behind which records, and whether the checkpoint says so already. */
    public record Due(long offset, boolean isPlanned) {}

    private static final Logger LOG = LoggerFactory.getLogger(LearnerProgress.class);

    private final ContinualLearner learner;
    private final FeatureStream stream;
    private final SamePromptWatch samePrompts;
    private final long settleNanos;
    private final Restart restart;
    private final Catchup catchup;
    private final LearnerMeters meters;
    private boolean restored;
    private long lag;
    private long lastRecordNanos = System.nanoTime();

    /** @param restart where an earlier learner stopped */
    public LearnerProgress(LearnerSettings settings, ContinualLearner learner, ClipModel model, Restart restart, Catchup catchup,
            LearnerMeters meters) {
        this.learner = learner;
        this.restart = restart;
        this.catchup = catchup;
        this.meters = meters;
        stream = new FeatureStream(learner, model, settings, meters, restart.end());
        samePrompts = new SamePromptWatch(meters);
        settleNanos = settings.values().get(LearnerSettings.SETTLE_TIME).toNanos();
        catchup.begin(restart.begin(), restart.end());
        LOG.info("Takes up candidate {} at offset {}; {} feature records to read again", restart.parent(), restart.checkpoint().offset(),
                restart.end() - restart.begin());
    }

    /** Takes note of what was read; {@code unread} records stand behind it in the topic. */
    public void add(Iterable<ConsumerRecord<byte[], byte[]>> records, long unread) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            lastRecordNanos = System.nanoTime();
            if (record.offset() < restart.checkpoint().offset()) {
                stream.replay(record); // learned from already, or about to be
            } else {
                stream.add(record);
            }
        }
        lag = unread;
    }

    /** Takes in records until an update should run, if one should; it must have run before this is asked again. */
    public Optional<Due> next(long position) {
        if (!restored) {
            if (position < restart.checkpoint().offset()) {
                return Optional.empty();
            }
            Optional<Due> begun = restore();
            if (begun.isPresent()) {
                return begun;
            }
        }
        boolean paused = stream.waiting() == 0 && System.nanoTime() - lastRecordNanos >= settleNanos && learner.isUpdateDue();
        return stream.advance() || paused ? Optional.of(new Due(stream.offset(), false)) : Optional.empty();
    }

    private Optional<Due> restore() {
        restored = true;
        Checkpoint checkpoint = restart.checkpoint();
        restart.last().ifPresent(last -> learner.restore(last.context()));
        learner.restore(checkpoint.isDone() ? checkpoint.update() : checkpoint.update() - 1);
        if (checkpoint.isDone()) {
            return Optional.empty();
        }
        if (!learner.canUpdate()) { // settings have changed meanwhile
            LOG.warn("An update had begun that cannot run any more; it is passed over [update: {}]", checkpoint.update());
            return Optional.empty();
        }
        LOG.info("Runs the update that had begun [update: {}, offset: {}]", checkpoint.update(), checkpoint.offset());
        return Optional.of(new Due(checkpoint.offset(), true));
    }

    public void updating() {
        measure();
        meters.set(LearnerMeters.UPDATE_DUE, 1);
    }

    /** The topic's end as it is while an update runs. */
    public void end(long offset) {
        meters.set(LearnerMeters.LAG, offset - stream.offset());
    }

    /** Everything that was due is done. */
    public void report(long position) {
        if (stream.waiting() == 0) {
            catchup.reached(position, restored);
        }
        measure();
    }

    private void measure() {
        if (restored) { // before, there may be labels that a later record has merged
            samePrompts.look(learner.memory().classesWith(1));
        }
        stream.tell();
        meters.state(learner, catchup.fraction());
        meters.set(LearnerMeters.UPDATE_DUE, learner.isUpdateDue() ? 1 : 0);
        meters.set(LearnerMeters.LAG, lag + stream.waiting());
    }
}
