package dev.promptgate.learner.update;

import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.service.logging.MergeCommand;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names the classes in memory that would be the same prompt, each group once when it appears. Not thread-safe. */
final class SamePromptWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SamePromptWatch.class);

    private final LearnerMeters meters;
    private List<String> classes = List.of();
    private Set<SamePrompt> named = Set.of();

    SamePromptWatch(LearnerMeters meters) {
        this.meters = meters;
    }

    /** Looks at the classes as they are now. */
    void look(List<String> now) {
        if (now.equals(classes)) {
            return;
        }
        classes = now;
        List<SamePrompt> groups = SamePrompt.amongLabels(now);
        meters.set(LearnerMeters.SAME_PROMPT_CLASSES, groups.stream().flatMap(same -> same.names().stream()).filter(now::contains).count());
        groups.stream().filter(same -> !named.contains(same)).forEach(same -> LOG.warn(
                "Classes would be the same prompt, so that none could tell them apart: {}; merge them with: {}; for what comes later, mend "
                        + "what sends them, or set labels.fold=true on the encoders",
                same.shown(), MergeCommand.of(same.merged())));
        named = new HashSet<>(groups);
    }
}
