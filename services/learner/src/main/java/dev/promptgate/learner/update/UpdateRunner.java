package dev.promptgate.learner.update;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learning.continual.Update;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.host.Activity;
import dev.promptgate.service.logging.ImageLog;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an update and publishes its candidate. Before it starts, the checkpoint says that it will run and on which records; the candidate
 * and the checkpoint that it is done are written together. A learner that dies in between is followed by one that runs the same update
 * again. Blocking: one thread at a time; {@link #cancel} and {@link #makeWay} come from any.
 */
public final class UpdateRunner {
    private static final Logger LOG = LoggerFactory.getLogger(UpdateRunner.class);

    private final CandidateWriter candidates;
    private final PromptModel model;
    private final LearnerMeters meters;
    private final Activity activity;
    private final Set<String> trained;
    private volatile boolean cancelled;
    private volatile boolean madeWay;

    /**
     * @param restart where an earlier learner stopped
     * @param activity what is told of each training step
     */
    public UpdateRunner(CandidateWriter candidates, PromptModel model, LearnerMeters meters, Restart restart, Activity activity) {
        this.candidates = candidates;
        this.model = model;
        this.meters = meters;
        this.activity = activity;
        trained = restart.last().map(last -> new HashSet<>(last.metadata().classes())).orElseGet(HashSet::new);
    }

    /**
     * What the update came to; empty if it was given up, or made way.
     *
     * @throws CancellationException if it was cancelled; the next learner runs it
     */
    public Optional<UpdateResult> run(Update update, LearnerProgress.Due due) {
        long began = System.nanoTime();
        Checkpoint planned = new Checkpoint(due.offset(), update.number(), update.isShort(), false, model.fingerprint());
        if (due.planned().isEmpty()) {
            candidates.checkpoint(planned);
        }
        UpdateResult result;
        madeWay = false;
        try {
            result = update.run(stepListener());
        } catch (NonFiniteLossException e) {
            meters.increment(LearnerMeters.FAILED_UPDATES);
            LOG.error("An update was given up, the context is as before: {}", e.getMessage());
            candidates.checkpoint(planned.done());
            return Optional.empty();
        } catch (MadeWayException e) {
            meters.increment(LearnerMeters.UPDATES_MADE_WAY);
            LOG.info("An update of {} classes makes way for one with many new classes", update.trainingSet().classes().size());
            return Optional.empty(); // the next one's checkpoint takes the place of this one's
        }
        model.trim();
        long version = candidates.publish(result, planned.done()).version();
        tellNewClasses(update, version);
        long nanos = System.nanoTime() - began;
        meters.candidate(version, nanos);
        LOG.info("Candidate {}: {} classes, {} shots, {} steps{} in {} ms, loss {}, mean cosine {}, branches {}", version,
                result.classes().size(), result.shots(), result.steps().size(), result.isShort() ? " (cut short for new classes)" : "",
                nanos / 1_000_000, "%.4f".formatted(result.finalLoss()), "%.3f".formatted(result.meanCosine()), result.branches());
        return Optional.of(result);
    }

    /** The images of a class that this candidate is the first to be trained on, as far as this process has seen. */
    private void tellNewClasses(Update update, long version) {
        for (List<Shot> shots : update.trainingSet().shots()) {
            String label = shots.get(0).label();
            if (trained.add(label) && LOG.isDebugEnabled()) {
                shots.forEach(shot -> ImageLog.debug(LOG, shot.imageId()).log(
                        "Trained: the first prompt of its class [label: {}, version: {}]", Quoted.of(label), version));
            }
        }
    }

    private Consumer<StepReport> stepListener() {
        long[] began = {System.nanoTime()};
        return report -> {
            if (cancelled) {
                throw new CancellationException("The update was abandoned in mid-way; the next start runs it again");
            }
            if (madeWay) {
                throw new MadeWayException();
            }
            long now = System.nanoTime();
            meters.step(report, now - began[0]);
            activity.steps();
            began[0] = now;
        };
    }

    /** Ends the update that runs at its next step, without a candidate. */
    public void makeWay() {
        madeWay = true;
    }

    /** Ends an update at its next step; none runs any more. */
    public void cancel() {
        cancelled = true;
    }

    private static final class MadeWayException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
