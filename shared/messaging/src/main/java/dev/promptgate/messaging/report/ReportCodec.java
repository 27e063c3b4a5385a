package dev.promptgate.messaging.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.messaging.report.AnswerDetail.Changed;
import dev.promptgate.messaging.report.AnswerDetail.ClassTable;
import dev.promptgate.messaging.report.AnswerDetail.Part;
import dev.promptgate.messaging.report.ComparedPrompts.AccuracyFigures;
import dev.promptgate.messaging.report.ComparedPrompts.ComparedOn;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.CommandReport;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter.ContinualFigures;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport.Prequential;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.GateDemands;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reports as JSON. Decoding is strict, but for keys that it does not know: whatever the bytes, the outcome is a report or an
 * {@link InvalidReportException}.
 */
public final class ReportCodec {
    private static final List<String> MEMORY = List.of("waves", "state");
    private static final String FIRST_PARTITION = "0";
    private static final String CALIBRATION = "calibration";

    private ReportCodec() {}

    public static byte[] encode(EvaluationReport report) {
        ObjectNode root = ReportJson.object().put("kind", report.kind().wireName());
        root.setAll(ReportJson.tree(report.head()));
        if (report instanceof VerdictReport verdict) {
            verdict(root, verdict);
        } else if (report instanceof RefusalReport refusal) {
            root.setAll(ReportJson.tree(refusal.refused()));
        } else if (report instanceof MeasurementReport measurement) {
            report.comparison().ifPresent(comparison -> compared(root, comparison));
            root.set("prequential_unseen", ReportJson.tree(measurement.prequentialUnseen()));
            measurement.suspects().ifPresent(suspects -> root.set("suspected_labels", ReportJson.tree(suspects)));
        } else {
            report.command().ifPresent(answer -> root.setAll(ReportJson.tree(answer)));
            if (report instanceof ReplacementReport replacement) {
                root.setAll(ReportJson.tree(replacement.replacement()));
            }
        }
        after(root, report.after());
        return ReportJson.bytes(root);
    }

    private static void verdict(ObjectNode root, VerdictReport verdict) {
        root.setAll(ReportJson.tree(verdict.ruling()));
        verdict.comparison().ifPresent(comparison -> compared(root, comparison));
        verdict.demands().ifPresent(demands -> root.set("settings", ReportJson.tree(demands)));
        root.setAll(ReportJson.tree(verdict.rollout()));
    }

    private static void compared(ObjectNode root, ComparedPrompts comparison) {
        comparison.accuracies().forEach((role, figures) -> root.set(role.key(), ReportJson.tree(figures)));
        ComparedOn space = comparison.space();
        root.putObject("images").put("seen", space.seenImages()).put("unseen", space.unseenImages());
        root.put("classes_seen", space.seenClasses()).put("classes_unseen", space.unseenClasses());
        root.putObject("feature_offsets").put(FIRST_PARTITION, space.horizon());
        comparison.jointPaired().ifPresent(pairs -> root.set("joint_paired", ReportJson.tree(pairs)));
        comparison.calibrations().forEach(
                (role, figures) -> root.withObject("/" + CALIBRATION).set(role.key(), ReportJson.tree(figures)));
        AnswerDetail detail = comparison.detail();
        detail.changed().ifPresent(changed -> root.set("changed", ReportJson.tree(changed)));
        cut(root, detail, Part.CHANGED);
        detail.classes().ifPresent(classes -> {
            ObjectNode table = ReportJson.tree(classes);
            root.set("per_class", table.path("per_class"));
            cut(root, detail, Part.PER_CLASS);
            root.set("confusion", table.path("confusion"));
            cut(root, detail, Part.CONFUSION);
        });
    }

    private static void cut(ObjectNode root, AnswerDetail detail, Part part) {
        if (detail.cut().contains(part)) {
            root.withArray("cut").add(part.wireName());
        }
    }

    private static void after(ObjectNode root, GateAfter after) {
        set(root, "waves", after.waves());
        after.continual().ifPresent(continual -> root.set("continual", ReportJson.tree(continual)));
        root.put("paused", after.isPaused());
        root.set("cool_down_until", after.coolDownUntil() > 0 ? root.numberNode(after.coolDownUntil()) : NullNode.instance);
        set(root, "state", after.state());
    }

    private static void set(ObjectNode root, String key, JsonNode value) {
        if (!value.isMissingNode()) {
            root.set(key, value);
        }
    }

    /** @throws InvalidReportException if the bytes are no report */
    public static EvaluationReport decode(byte[] bytes) throws InvalidReportException {
        return decode(ReportJson.parse(bytes));
    }

    /**
     * The same without waves and state, which are the evaluator's memory and large: for whoever keeps reports.
     *
     * @throws InvalidReportException if the bytes are no report
     */
    public static EvaluationReport decodeWithoutMemory(byte[] bytes) throws InvalidReportException {
        return decode(ReportJson.parse(bytes).remove(MEMORY));
    }

    private static EvaluationReport decode(ObjectNode root) throws InvalidReportException {
        String name = root.path("kind").asText();
        Kind kind = WireName.parse(Kind.class, name)
                .orElseThrow(() -> new InvalidReportException("its kind is unknown [kind: %s]".formatted(Quoted.of(name))));
        EvaluationReport.Head head = ReportJson.read(root, EvaluationReport.Head.class);
        GateAfter after = after(root);
        return switch (kind) {
            case VERDICT -> new VerdictReport(head, ReportJson.read(root, VerdictReport.Ruling.class), compared(root),
                    ReportJson.find(root, "settings", GateDemands.class), ReportJson.read(root, VerdictReport.Rollout.class), after);
            case REFUSAL -> new RefusalReport(head, ReportJson.read(root, RefusalReport.Refused.class), after);
            case MEASUREMENT -> new MeasurementReport(head, compared(root),
                    ReportJson.find(root, "prequential_unseen", Prequential.class).orElse(Prequential.NONE),
                    ReportJson.find(root, "suspected_labels", SuspectedLabels.class), after);
            case ROLLBACK, ALARM, REPAIR -> new ReplacementReport(kind, head,
                    root.has("command_id") ? Optional.of(ReportJson.read(root, CommandReport.Answer.class)) : Optional.empty(),
                    ReportJson.read(root, ReplacementReport.Replacement.class), after);
            case COMMAND -> new CommandReport(head, ReportJson.read(root, CommandReport.Answer.class), after);
        };
    }

    private static Optional<ComparedPrompts> compared(ObjectNode root) throws InvalidReportException {
        Map<Role, AccuracyFigures> accuracies = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            ReportJson.find(root, role.key(), AccuracyFigures.class).ifPresent(figures -> accuracies.put(role, figures));
        }
        if (!accuracies.containsKey(Role.LIVE)) {
            return Optional.empty();
        }
        Optional<ClassTable> classes = root.has("per_class") ? Optional.of(ReportJson.read(root, ClassTable.class)) : Optional.empty();
        AnswerDetail detail = new AnswerDetail(ReportJson.find(root, "changed", Changed.class), classes,
                Set.copyOf(ReportJson.read(root, CutParts.class).cut()));
        return Optional.of(new ComparedPrompts(accuracies, comparedOn(root),
                ReportJson.find(root, "joint_paired", PairedFigures.Pairs.class), calibrations(root), detail));
    }

    private static Map<Role, CalibrationFigures> calibrations(ObjectNode root) throws InvalidReportException {
        Map<Role, CalibrationFigures> calibrations = new EnumMap<>(Role.class);
        if (root.hasNonNull(CALIBRATION)) {
            JsonNode byRole = root.path(CALIBRATION);
            if (!byRole.isObject()) {
                throw new InvalidReportException("its calibration is no object");
            }
            for (Role role : Role.values()) {
                ReportJson.find(byRole, role.key(), CalibrationFigures.class).ifPresent(figures -> calibrations.put(role, figures));
            }
        }
        return calibrations;
    }

    private static ComparedOn comparedOn(ObjectNode root) throws InvalidReportException {
        ImageCounts images = ReportJson.find(root, "images", ImageCounts.class).orElse(new ImageCounts(0, 0));
        ClassCounts classes = ReportJson.read(root, ClassCounts.class);
        JsonNode horizon = root.path("feature_offsets").path(FIRST_PARTITION);
        if (!horizon.isMissingNode() && !horizon.canConvertToLong()) {
            throw new InvalidReportException("its feature_offsets are no numbers");
        }
        return new ComparedOn(images.seen(), images.unseen(), classes.classesSeen(), classes.classesUnseen(), horizon.asLong());
    }

    private static GateAfter after(ObjectNode root) throws InvalidReportException {
        Gate gate = ReportJson.read(root, Gate.class);
        return new GateAfter(root.path("waves"), ReportJson.find(root, "continual", ContinualFigures.class), gate.paused(),
                gate.coolDownUntil() == null ? 0 : gate.coolDownUntil(), root.path("state"));
    }

    /** Groups of keys that stand among others. */
    private record ImageCounts(int seen, int unseen) {}

    private record ClassCounts(int classesSeen, int classesUnseen) {}

    private record Gate(boolean paused, Long coolDownUntil) {}

    private record CutParts(List<Part> cut) {
        CutParts {
            cut = List.copyOf(cut);
        }
    }

    /**
     * A report's JSON as it was written, unknown keys and all, but without the evaluator's memory.
     *
     * @throws InvalidReportException if the bytes are no JSON object
     */
    public static String text(byte[] bytes) throws InvalidReportException {
        return ReportJson.parse(bytes).remove(MEMORY).toString();
    }

    /** Bytes that are no report; the message is one line. */
    public static final class InvalidReportException extends Exception {
        private static final long serialVersionUID = 1L;

        /** @param why completes "The report cannot be read: …" */
        public InvalidReportException(String why) {
            super("The report cannot be read: " + why);
        }
    }
}
