package dev.promptgate.learner;

import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotMetadata;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Numbers candidates and writes down where each comes from. Not thread-safe. */
final class CandidateFactory {
    private final LearnerSettings settings;
    private final String fingerprint;
    private long version;

    CandidateFactory(LearnerSettings settings, String fingerprint) {
        this.settings = settings;
        this.fingerprint = fingerprint;
    }

    void resumeAfter(long lastVersion) {
        version = lastVersion;
    }

    PromptSnapshot create(UpdateResult result, Map<Integer, Long> featureOffsets, long now) {
        long parent = version++;
        LearningSettings learning = settings.learning();
        return new PromptSnapshot(result.context(), new SnapshotMetadata(settings.prompt(), version, parent, fingerprint, result.classes(),
                learning.contextInit(), now, summary(learning, result), featureOffsets, result.readyAt(), Map.of()));
    }

    private static Map<String, String> summary(LearningSettings learning, UpdateResult result) {
        Map<String, String> summary = new TreeMap<>();
        summary.put("method", learning.optimiser().method().name().toLowerCase(Locale.ROOT));
        summary.put("rho", Double.toString(learning.optimiser().rho()));
        summary.put("learning_rate", Double.toString(learning.optimiser().learningRate()));
        summary.put("seed", Long.toString(learning.seed()));
        summary.put("shots", Integer.toString(result.shots()));
        summary.put("steps", Integer.toString(result.steps().size()));
        summary.put("final_loss", Double.toString(result.finalLoss()));
        summary.put("mean_cosine", Double.toString(result.meanCosine()));
        result.branches().forEach((branch, count) -> summary.put("steps_" + branch.name().toLowerCase(Locale.ROOT), Integer.toString(count)));
        return summary;
    }
}
