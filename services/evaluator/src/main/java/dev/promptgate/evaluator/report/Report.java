package dev.promptgate.evaluator.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.candidate.RefusalReason;
import dev.promptgate.evaluator.evidence.Comparison.Role;
import dev.promptgate.evaluator.evidence.Comparison;
import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.accuracy.JsonFigures;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.gate.PairedOutcomes;
import dev.promptgate.learning.gate.PairedTest;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.messaging.command.GateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One JSON record of evaluation-reports: what happened, with every figure behind it. Built piece by piece; not thread-safe. */
public final class Report {
    public enum Kind {
        VERDICT,
        /** A candidate could not be judged. */
        REFUSAL,
        /** The live prompt was measured. */
        MEASUREMENT,
        /** The live prompt was taken back. */
        ROLLBACK,
        /** The live prompt should go, but the gate is paused. */
        ALARM,
        /** An operator's command was carried out or refused. */
        COMMAND,
        /** What stood in prompt-rollouts was not what the gate had rolled out, and was put right. */
        REPAIR;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root = JSON.createObjectNode();

    private Report(Kind kind, String prompt, long liveVersion) {
        root.put("kind", kind.wireName()).put("prompt", prompt).put("created_at", System.currentTimeMillis()).put("live_version",
                liveVersion);
    }

    /** A report of a kind; the live version is that before what is reported. */
    public static Report of(Kind kind, String prompt, long liveVersion) {
        return new Report(kind, prompt, liveVersion);
    }

    /** The candidate and its verdict. */
    public Report verdict(Candidate candidate, Verdict verdict, boolean isFinal) {
        root.put("candidate_version", candidate.version()).put("candidate_offset", candidate.offset()).put("look", candidate.tests())
                .put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT)).put("final", isFinal).put("reason", verdict.reason());
        ArrayNode tests = root.putArray("tests");
        verdict.tests().forEach(test -> tests.add(test(test)));
        return this;
    }

    /** Whether the candidate was made live, and if it passed and was not, why. */
    public Report rollout(boolean rolledOut, String heldBy) {
        root.put("rolled_out", rolledOut);
        if (!heldBy.isEmpty()) {
            root.put("held_by", heldBy);
        }
        return this;
    }

    private static ObjectNode test(PairedTest test) {
        ObjectNode node = JSON.createObjectNode().put("against", test.against()).put("protocol", test.protocol());
        pairs(node, test.pairs());
        node.put("allowed_drop", test.allowedDrop()).put("alpha", test.alpha()).put("loss_p_value", test.lossPValue());
        JsonFigures.put(node, "lower_bound", test.lowerBound());
        return node;
    }

    private static void pairs(ObjectNode node, PairedOutcomes pairs) {
        node.put("images", pairs.images()).put("both_right", pairs.bothRight()).put("only_candidate_right", pairs.onlyCandidateRight())
                .put("only_other_right", pairs.onlyLiveRight()).put("both_wrong", pairs.bothWrong());
        JsonFigures.put(node, "difference", pairs.difference());
    }

    /**
     * The accuracies of every prompt compared.
     *
     * @param horizon offset in image-features: images before it count
     */
    public Report comparison(Comparison comparison, long horizon) {
        for (Role role : Role.values()) {
            if (comparison.outcomes(role) != null) {
                root.set(role.name().toLowerCase(Locale.ROOT), accuracies(comparison.accuracies(role)));
            }
        }
        root.putObject("images").put("seen", comparison.outcomes(Role.LIVE).seen().length).put("unseen",
                comparison.outcomes(Role.LIVE).unseen().length);
        root.put("classes_seen", comparison.space().seen()).put("classes_unseen",
                comparison.space().classes().size() - comparison.space().seen());
        root.putObject("feature_offsets").put("0", horizon);
        if (comparison.outcomes(Role.CANDIDATE) != null) {
            pairs(root.putObject("joint_paired"), comparison.jointAgainstLive());
        }
        return detail(comparison);
    }

    /** Class by class, and image by image where the candidate changes the answer. */
    private Report detail(Comparison comparison) {
        ImageDetail detail = new ImageDetail(root);
        if (comparison.outcomes(Role.CANDIDATE) != null) {
            detail.changes(comparison.changes());
        }
        detail.counts(comparison.counts(Role.LIVE));
        return this;
    }

    /**
     * Whether the gate lets anything out after what is reported.
     *
     * @param coolDownUntil epoch milliseconds; 0 for no cool-down so far
     */
    public Report gate(boolean isPaused, long coolDownUntil) {
        root.put("paused", isPaused).put("cool_down_until", coolDownUntil > 0 ? coolDownUntil : null);
        return this;
    }

    public Report settings(GateSettings settings) {
        root.putObject("settings").put("max_seen_drop", settings.maxSeenDrop()).put("max_unseen_drop", settings.maxUnseenDrop())
                .put("confidence", settings.confidence()).put("min_images", settings.minImages())
                .put("min_images_per_class", settings.minImagesPerClass())
                .put("min_unseen_images", settings.minUnseenImages());
        return this;
    }

    /** Which candidate was refused, and why. */
    public Report refusal(long candidateOffset, RefusalReason reason, String message) {
        root.put("candidate_offset", candidateOffset).put("refusal", reason.name().toLowerCase(Locale.ROOT).replace('_', '-')).put("reason",
                message);
        return this;
    }

    /** From which version to which the live prompt went, and why. */
    public Report change(String cause, long from, long to, String reason) {
        root.put("cause", cause).put("from", from).put("to", to).put("reason", reason);
        return this;
    }

    /** The operator's command, and what became of it. */
    public Report command(GateCommand command, boolean accepted, String reason) {
        root.put("command_id", command.id()).put("command", command.action().name().toLowerCase(Locale.ROOT)).put("by", command.by())
                .put("operator_reason", command.reason()).put("accepted", accepted).put("reason", reason);
        return this;
    }

    public Report with(String key, JsonNode value) {
        root.set(key, value);
        return this;
    }

    /** A fraction; null where it is unknown, since JSON has no NaN. */
    public Report fraction(String key, double value) {
        JsonFigures.put(root, key, value);
        return this;
    }

    private static ObjectNode accuracies(Accuracies a) {
        ObjectNode node = JSON.createObjectNode();
        JsonFigures.put(node, "seen", a.seen());
        JsonFigures.put(node, "unseen", a.unseen());
        JsonFigures.put(node, "hm", a.harmonicMean());
        JsonFigures.put(node, "joint", a.joint());
        return node;
    }

    public byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The figures that go into a rollout's metadata. */
    public static Map<String, String> rolloutFigures(Verdict verdict, Comparison comparison, long replacedVersion) {
        Accuracies candidate = comparison.accuracies(Role.CANDIDATE);
        Accuracies live = comparison.accuracies(Role.LIVE);
        Map<String, String> figures = new TreeMap<>();
        figures.put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
        figures.put("reason", verdict.reason());
        figures.put("replaced_version", Long.toString(replacedVersion));
        figures.put("seen", Double.toString(candidate.seen()));
        figures.put("unseen", Double.toString(candidate.unseen()));
        figures.put("hm", Double.toString(candidate.harmonicMean()));
        figures.put("joint", Double.toString(candidate.joint()));
        figures.put("replaced_seen", Double.toString(live.seen()));
        figures.put("replaced_unseen", Double.toString(live.unseen()));
        return figures;
    }
}
