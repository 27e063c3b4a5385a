package dev.promptgate.learner.update;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learner.config.LearnerSettings.LateUpdates;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.continual.Update;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.kafka.ListeningTime;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the learner is: takes records in, while an update runs as well, and tells which update is due. First it remembers without
 * training what an earlier learner had learned from, then it has the update run that one had begun, if any, and from there it goes by the
 * stream. Not thread-safe; an update that has begun is nothing of it.
 */
public final class LearnerProgress {
    /**
     * An update that is due.
     *
     * @param offset it learns from the records before it
     * @param planned the checkpoint that says so already, if it does
     */
    public record Due(long offset, Optional<Checkpoint> planned) {}

    private static final Logger LOG = LoggerFactory.getLogger(LearnerProgress.class);

    /** How long a record may be on its way: a commit takes a few milliseconds, on a busy machine some more. */
    private static final Duration SLACK = Duration.ofMillis(250);
    /** There may be ten thousand classes, and a hundred polls a second. */
    private static final long LIST_NANOS = Duration.ofSeconds(1).toNanos();

    private final ContinualLearner learner;
    private final FeatureStream stream;
    private final SamePromptWatch samePrompts;
    private final long settleNanos;
    private final boolean mergesLate;
    private final Restart restart;
    private final Catchup catchup;
    private final LearnerMeters meters;
    private final Clock clock;
    private boolean restored;
    private Optional<Update> running = Optional.empty();
    /** Whether an update came due while another ran. */
    private boolean isLate;
    private Optional<Long> waitingSince = Optional.empty();
    private long lag;
    private final ListeningTime listening;
    private long lastRecordNanos;
    /** How far records were taken in when the memory was looked through last, and when: it changes by records alone. */
    private long listedOffset = -1;
    private long listedNanos;

    /**
     * @param restart where an earlier learner stopped
     * @param poll how long a poll waits
     */
    public LearnerProgress(LearnerSettings settings, ContinualLearner learner, PromptModel model, Restart restart, Catchup catchup,
            LearnerMeters meters, Clock clock, Duration poll) {
        this.learner = learner;
        this.restart = restart;
        this.catchup = catchup;
        this.meters = meters;
        this.clock = clock;
        listening = new ListeningTime(poll.toNanos(), SLACK.toNanos(), clock.monotonicTime());
        stream = new FeatureStream(learner, model, settings, meters, restart.end());
        samePrompts = new SamePromptWatch(meters);
        settleNanos = settings.values().get(LearnerSettings.SETTLE_TIME).plus(SLACK).toNanos();
        mergesLate = settings.values().get(LearnerSettings.LATE_UPDATES) == LateUpdates.MERGE;
        listedNanos = clock.monotonicTime() - LIST_NANOS;
        catchup.begin(restart.begin(), restart.end());
        LOG.info("Takes up candidate {} at offset {}; {} feature records to read again", restart.parent(), restart.checkpoint().offset(),
                restart.end() - restart.begin());
    }

    /** Takes note of what a poll brought; {@code unread} records stand behind it in the topic. */
    public void add(Iterable<ConsumerRecord<byte[], byte[]>> records, long unread) {
        listening.polled(clock.monotonicTime());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            lastRecordNanos = listening.nanos();
            if (record.offset() < restart.checkpoint().offset()) {
                stream.replay(record); // learned from already, or about to be
            } else {
                stream.add(record);
            }
        }
        lag = unread;
    }

    /**
     * Takes in records until an update should begin, if one should; it must {@link #begin} before this is asked again, and not before the
     * one that runs has ended.
     */
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
        boolean isDue = takeIn();
        if (waitingSince.isEmpty() && learner.isUpdateDue()) {
            waitingSince = Optional.of(clock.monotonicTime());
        }
        return isDue ? Optional.of(new Due(stream.offset(), Optional.empty())) : Optional.empty();
    }

    private boolean takeIn() {
        if (mergesLate && running.isPresent()) {
            isLate |= stream.takeAll();
            return false;
        }
        if (isLate) {
            isLate = false;
            stream.takeAll();
            return learner.isUpdateDue();
        }
        boolean isPaused = stream.waiting() == 0 && listening.nanos() - lastRecordNanos >= settleNanos;
        return stream.advance() || isPaused && running.isEmpty() && learner.isUpdateDue();
    }

    private Optional<Due> restore() {
        restored = true;
        Checkpoint checkpoint = restart.checkpoint();
        restart.last().ifPresent(last -> learner.restore(last.context()));
        learner.restore(checkpoint.isDone() ? checkpoint.update() : checkpoint.update() - 1, checkpoint.isDone() && checkpoint.isShort());
        if (checkpoint.isDone()) {
            return Optional.empty();
        }
        if (!learner.canUpdate()) { // settings have changed meanwhile
            LOG.warn("An update had begun that cannot run any more; it is passed over [update: {}]", checkpoint.update());
            return Optional.empty();
        }
        LOG.info("Runs the update that had begun [update: {}, offset: {}]", checkpoint.update(), checkpoint.offset());
        return Optional.of(new Due(checkpoint.offset(), Optional.of(checkpoint)));
    }

    /** The update that was due, on what is taken in so far. */
    public Update begin(Due due) {
        Update update = learner.begin(due.planned().map(Checkpoint::isShort).orElseGet(learner::isUpdateShort));
        running = Optional.of(update);
        waitingSince.ifPresent(since -> meters.time(LearnerMeters.UPDATE_WAIT, clock.monotonicTime() - since));
        waitingSince = Optional.empty();
        if (update.isShort()) {
            meters.increment(LearnerMeters.SHORT_UPDATES);
        }
        lookThroughMemory(); // what looks wrong is named before it is trained on
        measure();
        return update;
    }

    /** Whether the update that runs is to make way: it is a whole one, and a short one for many new classes came due meanwhile. */
    public boolean isToMakeWay() {
        return isLate && learner.isUpdateShort() && running.filter(update -> !update.isShort()).isPresent();
    }

    /** The update has ended; without a result, if it was given up. */
    public void end(Optional<UpdateResult> result) {
        result.ifPresent(learner::finish);
        running = Optional.empty();
        measure();
    }

    /** The topic's end as it is while records wait for an update to end. */
    public void topicEnd(long offset) {
        meters.set(LearnerMeters.LAG, offset - stream.offset());
    }

    /** What was read is taken in. */
    public void report(long position) {
        if (stream.waiting() == 0) {
            catchup.reached(position, restored);
        }
        measure();
    }

    private void measure() {
        if (stream.offset() != listedOffset && clock.monotonicTime() - listedNanos >= LIST_NANOS) {
            lookThroughMemory();
        }
        stream.tell();
        meters.set(LearnerMeters.RESTORED, catchup.fraction());
        meters.set(LearnerMeters.UPDATE_DUE, running.isPresent() || learner.isUpdateDue() ? 1 : 0);
        meters.set(LearnerMeters.LAG, lag + stream.waiting());
    }

    private void lookThroughMemory() {
        listedNanos = clock.monotonicTime();
        meters.memory(learner);
        if (restored) { // before, there may be labels that a later record has merged
            listedOffset = stream.offset();
            samePrompts.look(learner.classesWith(1));
        }
    }
}
