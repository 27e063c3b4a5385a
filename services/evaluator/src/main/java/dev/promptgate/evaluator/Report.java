package dev.promptgate.evaluator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.Outcome;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.learning.snapshot.SnapshotMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** The JSON of evaluation-reports: every figure behind a verdict, a measurement or a refusal. */
final class Report {
    static final String KIND_VERDICT = "verdict";
    static final String KIND_MEASUREMENT = "measurement";
    static final String KIND_REFUSAL = "refusal";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Report() {}

    static byte[] verdict(String prompt, Candidate candidate, long liveVersion, Verdict verdict, boolean isFinal, Comparison comparison,
            GateSettings settings) {
        SnapshotMetadata about = candidate.snapshot().metadata();
        ObjectNode root = root(KIND_VERDICT, prompt, liveVersion);
        root.put("candidate_version", about.version()).put("candidate_offset", candidate.offset())
                .put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT)).put("final", isFinal).put("reason", verdict.reason());
        comparison(root, comparison, candidate.horizon());
        root.set("candidate", accuracies(comparison.candidate().accuracies()));
        ObjectNode paired = root.putObject("paired");
        paired.set("seen", paired(PairedOutcomes.of(comparison.candidate().seen(), comparison.live().seen()), verdict.seenLowerBound()));
        paired.set("unseen", paired(PairedOutcomes.of(comparison.candidate().unseen(), comparison.live().unseen()), verdict.unseenLowerBound()));
        paired.set("joint", paired(PairedOutcomes.of(comparison.candidate().joint(), comparison.live().joint()), Double.NaN));
        root.putObject("settings").put("max_seen_drop", settings.maxSeenDrop()).put("max_unseen_drop", settings.maxUnseenDrop())
                .put("confidence", settings.confidence()).put("min_images", settings.minImages()).put("min_images_per_class", settings.minImagesPerClass());
        return bytes(root);
    }

    static byte[] measurement(String prompt, long liveVersion, Comparison comparison, Map<Integer, Long> horizon) {
        ObjectNode root = root(KIND_MEASUREMENT, prompt, liveVersion);
        comparison(root, comparison, horizon);
        return bytes(root);
    }

    static byte[] refusal(String prompt, long liveVersion, long candidateOffset, RefusalReason reason, String message) {
        ObjectNode root = root(KIND_REFUSAL, prompt, liveVersion);
        root.put("candidate_offset", candidateOffset).put("refusal", reason.name().toLowerCase(Locale.ROOT).replace('_', '-')).put("reason", message);
        return bytes(root);
    }

    /** The offset in prompt-candidates that a report settles; −1 for other reports. */
    static long settledOffset(byte[] report) {
        try {
            var root = JSON.readTree(report);
            boolean settles = root.path("kind").asText().equals(KIND_REFUSAL) || root.path("final").asBoolean(false);
            return settles ? root.path("candidate_offset").asLong(-1) : -1;
        } catch (IOException e) {
            return -1; // not one of ours
        }
    }

    private static ObjectNode root(String kind, String prompt, long liveVersion) {
        return JSON.createObjectNode().put("kind", kind).put("prompt", prompt).put("created_at", System.currentTimeMillis()).put("live_version", liveVersion);
    }

    private static void comparison(ObjectNode root, Comparison comparison, Map<Integer, Long> horizon) {
        root.set("zero_shot", accuracies(comparison.handWritten().accuracies()));
        root.set("live", accuracies(comparison.live().accuracies()));
        root.putObject("images").put("seen", comparison.live().seen().length).put("unseen", comparison.live().unseen().length);
        root.put("classes_seen", comparison.space().seen()).put("classes_unseen", comparison.space().classes().size() - comparison.space().seen());
        root.set("feature_offsets", JSON.valueToTree(horizon));
    }

    private static ObjectNode accuracies(Accuracies a) {
        ObjectNode node = JSON.createObjectNode();
        put(node, "seen", a.seen());
        put(node, "unseen", a.unseen());
        put(node, "hm", a.harmonicMean());
        put(node, "joint", a.joint());
        return node;
    }

    private static ObjectNode paired(PairedOutcomes pairs, double lowerBound) {
        ObjectNode node = JSON.createObjectNode().put("both_right", pairs.bothRight()).put("only_candidate_right", pairs.onlyCandidateRight())
                .put("only_live_right", pairs.onlyLiveRight()).put("both_wrong", pairs.bothWrong());
        put(node, "difference", pairs.difference());
        put(node, "lower_bound", lowerBound);
        return node;
    }

    /** JSON has no NaN: what is unknown is null. */
    private static void put(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, value);
        } else {
            node.putNull(key);
        }
    }

    private static byte[] bytes(ObjectNode root) {
        try {
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The figures that go into a rollout's metadata. */
    static Map<String, String> rolloutFigures(Verdict verdict, Comparison comparison, long liveVersion) {
        Accuracies candidate = comparison.candidate().accuracies();
        Accuracies live = comparison.live().accuracies();
        Map<String, String> figures = new java.util.TreeMap<>();
        figures.put("outcome", verdict.outcome() == Outcome.PASS ? "pass" : verdict.outcome().name().toLowerCase(Locale.ROOT));
        figures.put("reason", verdict.reason());
        figures.put("replaced_version", Long.toString(liveVersion));
        figures.put("seen", Double.toString(candidate.seen()));
        figures.put("unseen", Double.toString(candidate.unseen()));
        figures.put("hm", Double.toString(candidate.harmonicMean()));
        figures.put("joint", Double.toString(candidate.joint()));
        figures.put("replaced_seen", Double.toString(live.seen()));
        figures.put("replaced_unseen", Double.toString(live.unseen()));
        return figures;
    }
}
