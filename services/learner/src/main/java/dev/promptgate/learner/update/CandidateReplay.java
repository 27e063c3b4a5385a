package dev.promptgate.learner.update;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.continual.Update;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Does once more what candidates came from, by the records before their horizons and what their metadata say of the updates: for whoever
 * checks a learner. It does not decide when an update is due. Not thread-safe.
 */
public final class CandidateReplay {
    private final LearnerSettings settings;
    private final ContinualLearner learner;
    private final FeatureStream stream;
    private final Context handWritten;
    private final Map<Long, Context> contexts = new HashMap<>();

    /** @param settings those of the learner that is checked */
    public CandidateReplay(LearnerSettings settings, ClipModel model, MeterRegistry registry) {
        this.settings = settings;
        learner = new ContinualLearner(settings.learning(), model);
        handWritten = learner.context();
        stream = new FeatureStream(learner, model, settings, new LearnerMeters(registry, settings.prompt()), Long.MAX_VALUE);
    }

    /** Takes in the next record of image-features. */
    public void take(ConsumerRecord<byte[], byte[]> feature) {
        stream.replay(feature);
    }

    /** The update that a candidate came from, once all records before its horizon are taken in; those before it must have come, too. */
    public Update update(Prompt candidate) {
        contexts.put(candidate.version(), candidate.context());
        learner.restore(contexts.getOrDefault(candidate.metadata().parent(), handWritten));
        learner.restore(CandidateWriter.update(candidate) - 1, false);
        return learner.begin(CandidateWriter.isShort(candidate));
    }

    /** What {@link PromptMetadata#training} says of an update that came to this. */
    public Map<String, String> summary(UpdateResult result) {
        return CandidateWriter.summary(settings.learning(), result);
    }
}
