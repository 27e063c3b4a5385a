package dev.promptgate.learner.update;

import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Numbers candidates and writes down where each comes from. Not thread-safe. */
final class CandidateFactory {
    private static final String UPDATE = "update";

    private final LearnerSettings settings;
    private final String fingerprint;
    private long version;
    private long parent;

    CandidateFactory(LearnerSettings settings, String fingerprint, Restart restart) {
        this.settings = settings;
        this.fingerprint = fingerprint;
        version = restart.lastVersion();
        parent = restart.parent();
    }

    /** @param horizon offset in image-features behind what was learned from */
    Prompt create(UpdateResult result, long horizon, long now) {
        LearningSettings learning = settings.learning();
        Prompt candidate = new Prompt(result.context(),
                new PromptMetadata(settings.prompt(), ++version, parent, fingerprint, now, new PromptMetadata.Origin(result.classes(),
                        learning.start().contextInit(), summary(learning, result), Map.of(0, horizon), result.readyAt()), Map.of()));
        parent = version;
        return candidate;
    }

    private static Map<String, String> summary(LearningSettings learning, UpdateResult result) {
        Map<String, String> summary = new TreeMap<>();
        summary.put(UPDATE, Long.toString(result.number()));
        summary.put("method", learning.method().method().key());
        summary.put("rho", Double.toString(learning.method().rho()));
        summary.put("learning_rate", Double.toString(learning.sgd().learningRate()));
        summary.put("seed", Long.toString(learning.seed()));
        summary.put("shots", Integer.toString(result.shots()));
        summary.put("steps", Integer.toString(result.steps().size()));
        summary.put("final_loss", Double.toString(result.finalLoss()));
        summary.put("final_perturbed_loss", Double.toString(result.finalPerturbedLoss()));
        summary.put("mean_cosine", Double.toString(result.meanCosine()));
        result.branches()
                .forEach((branch, count) -> summary.put("steps_" + branch.name().toLowerCase(Locale.ROOT), Integer.toString(count)));
        summary.put("trace", result.trace());
        return summary;
    }

    /** The number of the update that a candidate came from. */
    static long update(Prompt candidate) {
        try {
            return Long.parseLong(candidate.metadata().training().get(UPDATE));
        } catch (NumberFormatException e) {
            return candidate.metadata().version(); // of an earlier release
        }
    }
}
