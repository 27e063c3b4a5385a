package dev.promptgate.learner.update;

import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.logging.ImageLog;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an update and publishes its candidate. Before it starts, the checkpoint says that it will run and on which records; the candidate
 * and the checkpoint that it is done are written together. A learner that dies in between is followed by one that runs the same update
 * again. Blocking: one thread at a time; {@link #cancel} comes from any.
 */
public final class UpdateRunner {
    private static final Logger LOG = LoggerFactory.getLogger(UpdateRunner.class);

    private final ContinualLearner learner;
    private final CandidateWriter candidates;
    private final String model;
    private final LearnerMeters meters;
    private final Set<String> trained;
    private volatile boolean cancelled;

    /** @param restart where an earlier learner stopped */
    public UpdateRunner(ContinualLearner learner, CandidateWriter candidates, String model, LearnerMeters meters, Restart restart) {
        this.learner = learner;
        this.candidates = candidates;
        this.model = model;
        this.meters = meters;
        trained = restart.last().map(last -> new HashSet<>(last.metadata().classes())).orElseGet(HashSet::new);
    }

    /** @throws CancellationException if it was cancelled; the next learner runs it */
    public void run(LearnerProgress.Due due) {
        long began = System.nanoTime();
        Checkpoint planned = new Checkpoint(due.offset(), learner.updates() + 1, false, model);
        if (!due.isPlanned()) {
            candidates.checkpoint(planned);
        }
        UpdateResult result;
        try {
            result = learner.update(stepListener());
        } catch (NonFiniteLossException e) {
            meters.increment(LearnerMeters.FAILED_UPDATES);
            LOG.error("An update was given up, the context is as before: {}", e.getMessage());
            candidates.checkpoint(planned.done());
            return;
        }
        PromptMetadata candidate = candidates.publish(result, planned.done());
        tellNewClasses(candidate);
        long nanos = System.nanoTime() - began;
        meters.candidate(candidate.version(), nanos);
        LOG.info("Candidate {}: {} classes, {} shots, {} steps in {} ms, loss {}, mean cosine {}, branches {}", candidate.version(),
                result.classes().size(), result.shots(), result.steps().size(), nanos / 1_000_000, "%.4f".formatted(result.finalLoss()),
                "%.3f".formatted(result.meanCosine()), result.branches());
    }

    /** The images of a class that this candidate is the first to be trained on, as far as this process has seen. */
    private void tellNewClasses(PromptMetadata candidate) {
        for (String label : candidate.classes()) {
            if (trained.add(label) && LOG.isDebugEnabled()) {
                learner.memory().shots(label)
                        .forEach(shot -> ImageLog.debug(LOG, shot.imageId()).log(
                                "Trained: the first prompt of its class [label: {}, version: {}]", Quoted.of(label), candidate.version()));
            }
        }
    }

    private Consumer<StepReport> stepListener() {
        long[] began = {System.nanoTime()};
        return report -> {
            if (cancelled) {
                throw new CancellationException("The update was abandoned in mid-way; the next start runs it again");
            }
            long now = System.nanoTime();
            meters.step(report, now - began[0]);
            began[0] = now;
        };
    }

    /** Ends an update at its next step. */
    public void cancel() {
        cancelled = true;
    }
}
