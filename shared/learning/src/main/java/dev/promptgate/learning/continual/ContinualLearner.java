package dev.promptgate.learning.continual;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.memory.FewShotMemory;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.learning.prompt.Descriptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.lang3.Validate;

/**
 * Continual prompt learning over a stream of shots: a few-shot memory, a trigger, and updates that warm-start from the current context and
 * train on class-balanced batches over all classes in memory, the old ones included. Knows no Kafka.
 *
 * <p>It listens while it learns: {@link #begin} takes what an update learns from out of the memory, {@link Update#run} may run on another
 * thread while shots are offered, and {@link #finish} takes its context. One update at a time. Not thread-safe but for that.
 */
public final class ContinualLearner {
    private final LearningSettings settings;
    private final PromptModel model;
    private final FewShotMemory memory;
    private final UpdateTrigger trigger;
    private final Map<String, Long> readyAt = new HashMap<>();
    /** Classes that are trained on since the last update, or that one waits for. */
    private final Set<String> known = new HashSet<>();
    private final Set<String> retired = new HashSet<>();
    private final Map<String, String> descriptions = new HashMap<>();
    private final Context initial;
    private Context context;
    private long updates;

    /** @throws IllegalArgumentException if the initial words do not make the number of context tokens */
    public ContinualLearner(LearningSettings settings, PromptModel model) {
        this.settings = settings;
        this.model = model;
        memory = new FewShotMemory(settings.shots().most(), settings.seed());
        trigger = new UpdateTrigger(settings.shots(), settings.urgency().classes());
        initial = model.textEncoder().contextFrom(settings.start().contextInit());
        Validate.isTrue(initial.tokens() == settings.start().contextTokens(),
                "The initial words must make as many tokens as the context has [words: \"%s\", tokens: %d, context tokens: %d]",
                settings.start().contextInit(), initial.tokens(), settings.start().contextTokens());
        context = initial;
    }

    /**
     * Takes in one training image, produced at an epoch millisecond; whether an update should start before the next one is taken in. No
     * update waits for those of a retired class.
     */
    public boolean offer(Shot shot, long timestamp) {
        boolean wasReady = isReady(shot.label());
        boolean changed = memory.add(shot) != FewShotMemory.Outcome.IGNORED;
        boolean becameReady = !wasReady && isReady(shot.label());
        if (becameReady) { // maybe once more, after images of it were taken back
            readyAt.put(shot.label(), timestamp);
        }
        return !isRetired(shot.label()) && trigger.count(changed, becameReady && known.add(shot.label())) && canUpdate();
    }

    /**
     * Takes a class out of training, or back into it. Its images stay in the memory and go on to come in, so that a class that is back is
     * as if it had never been out. An update is due if the class has enough shots.
     */
    public void retire(String label, boolean isRetired) {
        boolean isOther = isRetired ? retired.add(label) : retired.remove(label);
        if (isOther && isReady(label)) {
            trigger.classChanged();
        }
    }

    /**
     * Says what stands in prompts in a class's name's place, empty for the name itself, from the next update on, which is due if the class
     * is trained on.
     */
    public void describe(String label, Optional<String> description) {
        String before = description.isPresent() ? descriptions.put(label, description.get()) : descriptions.remove(label);
        if (!Objects.equals(before, description.orElse(null)) && isReady(label) && !isRetired(label)) {
            trigger.classChanged();
        }
    }

    private boolean isReady(String label) {
        return memory.size(label) >= settings.shots().least();
    }

    public boolean isRetired(String label) {
        return retired.contains(label);
    }

    /** Takes an image back that trained: it was deleted, or is for something else now. */
    public void forget(String imageId) {
        memory.remove(imageId);
    }

    /** Whether an update is due that only waits for the stream to settle. */
    public boolean isUpdateDue() {
        return trigger.isDue() && canUpdate();
    }

    /**
     * Whether an update that begins now is a short one: many new classes wait for it, or a whole one is owed anyway, and it starts from
     * what an earlier one came to, since a few steps from the hand-written prompt lead nowhere.
     */
    public boolean isUpdateShort() {
        return trigger.isShort() && start() != initial;
    }

    private Context start() {
        return settings.update().warmStart() == LearningSettings.WarmStart.CANDIDATE ? context : initial;
    }

    /** Whether there are enough classes to tell apart. */
    public boolean canUpdate() {
        return memory.labels(settings.shots().least()).filter(name -> !isRetired(name)).limit(2).count() == 2; // for every image, maybe
    }

    /**
     * Takes up an earlier run: what was offered so far counts as learned.
     *
     * @param earlierUpdates the last update's number, failed ones too; it seeds the batches
     * @param wasShort whether that update was a short one
     */
    public void restore(long earlierUpdates, boolean wasShort) {
        updates = earlierUpdates;
        reset(classesWith(settings.shots().least()), wasShort);
    }

    private void reset(List<String> classes, boolean isShort) {
        known.clear();
        known.addAll(classes);
        trigger.reset(classes.size(), isShort);
    }

    /** @throws IllegalArgumentException if the context of the earlier run has another shape */
    public void restore(Context earlier) {
        Validate.isTrue(earlier.tokens() == initial.tokens() && earlier.width() == initial.width(),
                "The earlier context has another shape than this learner's [earlier: %d × %d, now: %d × %d]", earlier.tokens(),
                earlier.width(), initial.tokens(), initial.width());
        context = earlier;
    }

    /**
     * Begins an update on all classes that have enough shots and are not retired: what it learns from is as it is now, whatever is offered
     * from now on. The update before must be finished or given up; one that is given up is not tried again on the same images.
     */
    public Update begin(boolean isShort) {
        List<String> classes = classesWith(settings.shots().least());
        Map<String, Long> ready = new TreeMap<>();
        classes.forEach(name -> ready.put(name, readyAt.get(name)));
        reset(classes, isShort);
        updates++;
        Map<String, String> described = new HashMap<>(descriptions);
        described.keySet().removeAll(retired);
        return new Update(settings, model, updates, isShort,
                new Update.TrainingSet(ready, classes.stream().map(memory::shots).toList(), new Descriptions(described)), initial, start());
    }

    /** Takes the context that an update came to: the next one may start from it. */
    public void finish(UpdateResult result) {
        context = result.context();
    }

    /** Of this learner, failed ones included. */
    public long updates() {
        return updates;
    }

    public FewShotMemory memory() {
        return memory;
    }

    public int readyClasses() {
        return classesWith(settings.shots().least()).size();
    }

    /** Classes with at least {@code minShots} images in memory that are not retired, in the order of their names. */
    public List<String> classesWith(int minShots) {
        return memory.classesWith(minShots).stream().filter(name -> !isRetired(name)).toList();
    }

    public Context context() {
        return context;
    }
}
