package dev.promptgate.learning.continual;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.loss.NonFiniteLossException;
import dev.promptgate.learning.memory.ClassBalancedSampler;
import dev.promptgate.learning.memory.FewShotMemory;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.learning.method.ContextTraining;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.learning.training.Optimiser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.lang3.Validate;

/**
 * Continual prompt learning over a stream of shots: a few-shot memory, a trigger, and updates that warm-start from the current context and
 * train on class-balanced batches over all classes in memory, the old ones included. Knows no Kafka. Not thread-safe; calls may come from
 * different threads one after another.
 */
public final class ContinualLearner {
    private final LearningSettings settings;
    private final ClipModel model;
    private final FewShotMemory memory;
    private final UpdateTrigger trigger;
    private final Map<String, Long> readyAt = new HashMap<>();
    private final Context initial;
    private Context context;
    private long updates;

    /** @throws IllegalArgumentException if the initial words do not make the number of context tokens */
    public ContinualLearner(LearningSettings settings, ClipModel model) {
        this.settings = settings;
        this.model = model;
        memory = new FewShotMemory(settings.shots().most(), settings.seed());
        trigger = new UpdateTrigger(settings.shots().refreshEvery(), settings.shots().settle());
        initial = model.textEncoder().contextFrom(settings.start().contextInit());
        Validate.isTrue(initial.tokens() == settings.start().contextTokens(),
                "The initial words must make as many tokens as the context has [words: \"%s\", tokens: %d, context tokens: %d]",
                settings.start().contextInit(), initial.tokens(), settings.start().contextTokens());
        context = initial;
    }

    /** Takes in one training image, produced at an epoch millisecond; whether an update should start before the next one is taken in. */
    public boolean offer(Shot shot, long timestamp) {
        boolean wasReady = readyAt.containsKey(shot.label());
        boolean changed = memory.add(shot) != FewShotMemory.Outcome.IGNORED;
        boolean becameReady = !wasReady && memory.size(shot.label()) >= settings.shots().least();
        if (becameReady) {
            readyAt.put(shot.label(), timestamp);
        }
        return trigger.count(changed, becameReady) && canUpdate();
    }

    /** Takes an image back that trained: it was deleted, or is for something else now. */
    public void forget(String imageId) {
        memory.remove(imageId);
    }

    /** Whether an update is due that only waits for the stream to settle. */
    public boolean isUpdateDue() {
        return trigger.isDue() && canUpdate();
    }

    /** Whether there are enough classes to tell apart. */
    public boolean canUpdate() {
        return readyClasses() >= 2;
    }

    /** Takes up an earlier run: what was offered so far counts as learned. The last update's number, failed ones too, seeds the batches. */
    public void restore(long earlierUpdates) {
        updates = earlierUpdates;
        trigger.reset();
    }

    /** @throws IllegalArgumentException if the context of the earlier run has another shape */
    public void restore(Context earlier) {
        Validate.isTrue(earlier.tokens() == initial.tokens() && earlier.width() == initial.width(),
                "The earlier context has another shape than this learner's [earlier: %d × %d, now: %d × %d]", earlier.tokens(),
                earlier.width(), initial.tokens(), initial.width());
        context = earlier;
    }

    /**
     * Learns from all classes in memory that have enough shots.
     *
     * @param listener gets every step's report, on this thread; what it throws ends the update, the context is as before then
     * @throws NonFiniteLossException if a loss comes out as NaN or infinite; the context is as before then
     */
    public UpdateResult update(Consumer<StepReport> listener) {
        List<String> classes = memory.classesWith(settings.shots().least());
        List<List<Shot>> shots = classes.stream().map(memory::shots).toList();
        trigger.reset(); // a failed update is not tried again on the same images
        updates++;
        long seed = settings.seed() * 1_000_003 + updates;
        ClassBalancedSampler sampler = new ClassBalancedSampler(shots, seed);
        LearningSettings.Update update = settings.update();
        Context start = update.warmStart() == LearningSettings.WarmStart.CANDIDATE ? context : initial;
        Optimiser.Result result = new ContextTraining(model, classes, initial, settings.method(), settings.sgd(), seed).run(start,
                update.steps(), update.warmUpSteps(), () -> sampler.next(update.batch()), listener);
        context = start.withValues(result.parameters());
        int images = shots.stream().mapToInt(List::size).sum();
        Map<String, Long> ready = new TreeMap<>();
        classes.forEach(name -> ready.put(name, readyAt.get(name)));
        return new UpdateResult(updates, context, classes, ready, images, result.reports());
    }

    /** Of this learner, failed ones included. */
    public long updates() {
        return updates;
    }

    public FewShotMemory memory() {
        return memory;
    }

    public int readyClasses() {
        return memory.classesWith(settings.shots().least()).size();
    }

    public Context context() {
        return context;
    }
}
