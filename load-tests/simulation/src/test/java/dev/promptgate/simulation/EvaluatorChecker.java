package dev.promptgate.simulation;

import static dev.promptgate.simulation.Invariant.COMMANDS_ANSWERED_ONCE;
import static dev.promptgate.simulation.Invariant.EQUAL_DECISIONS;
import static dev.promptgate.simulation.Invariant.ERRORS_AS_PROMISED;
import static dev.promptgate.simulation.Invariant.LIVE_WAS_JUDGED;
import static dev.promptgate.simulation.Invariant.ONE_TRANSACTION;
import static dev.promptgate.simulation.Invariant.RIGHT_IMAGES;
import static dev.promptgate.simulation.Invariant.SETTLED_ONCE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.ComparedPrompts.AccuracyFigures;
import dev.promptgate.messaging.report.ComparedPrompts.ComparedOn;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Cause;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.simulation.Invariant.BrokenException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What must hold of a life of evaluators, by what they wrote and by what their history says of the truth. */
final class EvaluatorChecker {
    /** A candidate counts as worse than allowed from here on: a few images have changed their classes. */
    private static final double WORSE = 1.1 * EvaluatorHistory.MAX_SEEN_DROP;

    private final EvaluatorLife life;
    private final boolean keepsAll;
    /** By version, of those that can be read the first. */
    private final Map<Long, Prompt> candidates = new HashMap<>();
    private final List<EvaluationReport> reports = new ArrayList<>();
    private final Map<byte[], EvaluationReport> byRecord = new IdentityHashMap<>();

    EvaluatorChecker(EvaluatorLife life, Map<String, String> settings) throws Exception {
        this.life = life;
        keepsAll = settings.get("evaluator.max-images-per-class").length() == 4; // enough for every image
        for (ConsumerRecord<byte[], byte[]> record : life.log.all(EvaluatorHistory.TOPICS.promptCandidates())) {
            try {
                Prompt candidate = PromptCodec.decode(record.value());
                candidates.putIfAbsent(candidate.version(), candidate);
            } catch (UnreadablePromptException e) {
                // refused
            }
        }
        for (ConsumerRecord<byte[], byte[]> record : life.log.all(EvaluatorHistory.TOPICS.evaluationReports())) {
            EvaluationReport report = ReportCodec.decode(record.value());
            reports.add(report);
            byRecord.put(record.value(), report);
        }
    }

    void check() throws Exception {
        checkTransactions();
        Map<Long, Integer> settled = new HashMap<>();
        Set<Long> passed = new HashSet<>(Set.of(0L));
        Map<Long, Double> spent = new HashMap<>();
        for (int i = 0; i < reports.size(); i++) {
            EvaluationReport report = reports.get(i);
            if (report instanceof RefusalReport refusal) {
                settled.merge(refusal.refused().candidateOffset(), 1, Integer::sum);
            } else if (report instanceof VerdictReport verdict) {
                settled.merge(verdict.ruling().candidateOffset(), verdict.ruling().isFinal() ? 1 : 0, Integer::sum);
                checkBudget(verdict, spent);
                checkOrder(verdict);
                if (verdict.isRolledOut()) {
                    checkRollout(verdict, i == 0 ? reports.get(0).after() : reports.get(i - 1).after(), passed);
                }
                if (verdict.comparison().isPresent()) {
                    checkImages(verdict.ruling().candidateVersion(), verdict.comparison().get().space());
                }
            } else if (changed(report) >= 0) {
                LIVE_WAS_JUDGED.require(passed.contains(changed(report)), "live without a verdict: " + changed(report));
            }
        }
        checkSettled(settled);
        COMMANDS_ANSWERED_ONCE.requireEqual(life.log.all(EvaluatorHistory.TOPICS.gateCommands()).size(),
                (int) reports.stream().filter(report -> report.command().isPresent()).count(), "answers to commands");
    }

    /** A change of what is live and its report are one transaction, with the embeddings of the same version. */
    private void checkTransactions() throws Exception {
        long live = 0;
        for (List<ProducerRecord<byte[], byte[]>> transaction : life.coordinator.written()) {
            boolean isPrompt = false;
            boolean isEmbeddings = false;
            Set<Long> reported = new HashSet<>();
            for (ProducerRecord<byte[], byte[]> record : transaction) {
                if (record.topic().equals(EvaluatorHistory.TOPICS.promptRollouts())) {
                    live = checkLive(record.value());
                    isPrompt = true;
                } else if (record.topic().equals(EvaluatorHistory.TOPICS.classEmbeddings())) {
                    isEmbeddings = true;
                } else {
                    reported.add(changed(byRecord.get(record.value())));
                }
            }
            reported.remove(-1L);
            ONE_TRANSACTION.requireEqual(isPrompt ? Set.of(live) : Set.of(), reported, "what is live, and what its report says");
            ONE_TRANSACTION.requireEqual(isPrompt, isEmbeddings, "embeddings with the prompt");
        }
        if (!reports.isEmpty()) {
            LIVE_WAS_JUDGED.requireEqual(live, live(reports.get(reports.size() - 1).after()).path("version").asLong(), "live at rest");
        }
    }

    /** The version that a record of prompt-rollouts makes live, which is a candidate as it was written. */
    private long checkLive(byte[] record) throws Exception {
        if (record == null) {
            return 0;
        }
        Prompt live = PromptCodec.decode(record);
        Prompt candidate = candidates.get(live.version());
        LIVE_WAS_JUDGED.require(candidate != null && Arrays.equals(candidate.context().values(), live.context().values()),
                "version %d is no candidate's".formatted(live.version()));
        return live.version();
    }

    /** The version that a report says is live now instead of another; −1 for none. */
    private static long changed(EvaluationReport report) {
        if (report instanceof VerdictReport verdict && verdict.isRolledOut()) {
            return verdict.ruling().candidateVersion();
        }
        return report instanceof ReplacementReport replaced && replaced.kind() != Kind.ALARM ? replaced.replacement().to() : -1;
    }

    private static void checkRollout(VerdictReport verdict, GateAfter before, Set<Long> passed) throws BrokenException {
        long version = verdict.ruling().candidateVersion();
        LIVE_WAS_JUDGED.requireEqual(VerdictReport.Answer.PASS, verdict.ruling().outcome(), "verdict on version " + version);
        LIVE_WAS_JUDGED.require(passed.stream().allMatch(earlier -> earlier < version), "rolled out after a newer one: " + version);
        checkBest(verdict, before);
        LIVE_WAS_JUDGED.require(!before.isPaused() && verdict.after().state().path("time").asLong() >= before.coolDownUntil(),
                "rolled out while the gate is paused or cools down: " + version);
        passed.add(version);
    }

    /** Candidates are compared with the best that was live, too, which a rollout is from now on that is at least as good. */
    private static void checkBest(VerdictReport verdict, GateAfter before) throws BrokenException {
        ComparedPrompts compared = verdict.comparison().orElseThrow();
        AccuracyFigures best = compared.accuracies().get(Role.BEST);
        AccuracyFigures own = compared.accuracies().get(Role.CANDIDATE);
        boolean isBest = Double.isNaN(own.hm()) || Double.isNaN(best.hm()) ? own.seen() >= best.seen() : own.hm() >= best.hm();
        LIVE_WAS_JUDGED.requireEqual(isBest ? verdict.ruling().candidateVersion() : live(before).path("best").asLong(),
                live(verdict.after()).path("best").asLong(), "the best that was live");
    }

    /** The level of the live prompt in the gate's state; missing for the hand-written one. */
    private static JsonNode live(GateAfter after) {
        JsonNode levels = after.state().path("live");
        return levels.path(levels.size() - 1);
    }

    /** An older candidate is settled before a newer one is judged, but for one that is held back. */
    private static void checkOrder(VerdictReport verdict) throws BrokenException {
        for (JsonNode one : verdict.after().state().path("unsettled")) {
            SETTLED_ONCE.require(one.path("is_held").asBoolean() || one.path("offset").asLong() >= verdict.ruling().candidateOffset(),
                    "the candidate at offset %s waits behind a newer one".formatted(one.path("offset")));
        }
    }

    /** The looks at a candidate that were reported spend no more together than the error probability that is promised. */
    private static void checkBudget(VerdictReport verdict, Map<Long, Double> spent) throws BrokenException {
        if (verdict.ruling().look() > 0 && !verdict.ruling().tests().isEmpty()) {
            double alpha = spent.merge(verdict.ruling().candidateVersion(), verdict.ruling().tests().get(0).alpha(), Double::sum);
            ERRORS_AS_PROMISED.require(alpha <= 1 - verdict.demands().orElseThrow().confidence() + 1e-9,
                    "looks at version %d spend %s".formatted(verdict.ruling().candidateVersion(), alpha));
        }
    }

    /** No candidate is lost or settled twice; at rest one may wait that passed and is held by a pause. */
    private void checkSettled(Map<Long, Integer> settled) throws BrokenException {
        Set<Long> open = new HashSet<>();
        if (!reports.isEmpty()) {
            GateAfter last = reports.get(reports.size() - 1).after();
            last.state().path("unsettled").forEach(one -> open.add(one.path("offset").asLong()));
            SETTLED_ONCE.require(open.isEmpty() || open.size() == 1 && last.isPaused(), "candidates that wait at rest: " + open);
        }
        for (ConsumerRecord<byte[], byte[]> record : life.log.all(EvaluatorHistory.TOPICS.promptCandidates())) {
            SETTLED_ONCE.requireEqual(open.contains(record.offset()) ? 0 : 1, settled.getOrDefault(record.offset(), 0),
                    "verdicts on the candidate at offset " + record.offset());
        }
    }

    /** Where the newest of a class judge alone, the set is more than the last word on each image. */
    private void checkImages(long version, ComparedOn space) throws BrokenException {
        if (!keepsAll) {
            return;
        }
        Set<String> seen = Set.copyOf(candidates.get(version).metadata().classes());
        int ofSeen = 0;
        int ofUnseen = 0;
        FeatureLedger ledger = new FeatureLedger(life.log.read(EvaluatorHistory.TOPICS.imageFeatures(), 0, space.horizon(), 0));
        for (ImageFeature image : ledger.judgingOrTraining().filter(one -> one.split() != Split.TRAIN).toList()) {
            ofSeen += seen.contains(image.label()) && image.split() != Split.PROBE ? 1 : 0;
            ofUnseen += seen.contains(image.label()) ? 0 : 1;
        }
        RIGHT_IMAGES.requireEqual(List.of(ofSeen, ofUnseen), List.of(space.seenImages(), space.unseenImages()),
                "images that judge version " + version);
    }

    /** The same decisions as in another life, and the same records of what is live. Measurements come when nothing else does. */
    void requireSameAs(EvaluatorChecker other) throws BrokenException {
        List<String> mine = decisions();
        List<String> theirs = other.decisions();
        for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
            EQUAL_DECISIONS.requireEqual(i < theirs.size() ? theirs.get(i) : "none", i < mine.size() ? mine.get(i) : "none",
                    "decision " + i);
        }
        for (String topic : List.of(EvaluatorHistory.TOPICS.promptRollouts(), EvaluatorHistory.TOPICS.classEmbeddings())) {
            EQUAL_DECISIONS.require(
                    Arrays.deepEquals(life.log.all(topic).stream().map(ConsumerRecord::value).toArray(),
                            other.life.log.all(topic).stream().map(ConsumerRecord::value).toArray()),
                    "records of " + topic);
        }
    }

    long measurements() {
        return reports.stream().filter(report -> report.kind() == Kind.MEASUREMENT).count();
    }

    private List<String> decisions() {
        return reports.stream().filter(report -> report.kind() != Kind.MEASUREMENT).map(EvaluatorChecker::decision).toList();
    }

    private static String decision(EvaluationReport report) {
        String figures = report instanceof VerdictReport verdict ? verdict.ruling() + " " + verdict.comparison() + " " + verdict.rollout()
                : report.reason();
        ObjectNode state = ((ObjectNode) report.after().state()).without("report"); // measurements are counted, too
        return "%s of live %d: %s, then %s".formatted(report.kind(), report.head().liveVersion(), figures, state);
    }

    /** Counts what happened, and what the gate and the watch got wrong, by the truth, where that is known all the time. */
    void count(EvaluatorHistory history, GateErrors errors) {
        tell(errors);
        Map<Long, Boolean> worse = new HashMap<>();
        Map<Long, Boolean> fine = new HashMap<>();
        for (EvaluationReport report : reports) {
            if (report instanceof VerdictReport verdict && verdict.ruling().look() > 0 && verdict.comparison().isPresent()) {
                long version = verdict.ruling().candidateVersion();
                double loss = loss(history, verdict.head().liveVersion(), version);
                if (loss >= WORSE) {
                    worse.merge(version, verdict.isRolledOut(), Boolean::logicalOr);
                } else if (loss <= EvaluatorHistory.MAX_SEEN_DROP && verdict.isRolledOut()) {
                    fine.put(version, false);
                }
            } else if (report instanceof ReplacementReport replaced && replaced.kind() == Kind.ROLLBACK
                    && replaced.replacement().cause() == Cause.WATCH
                    && loss(history, replaced.replacement().to(), replaced.replacement().from()) <= EvaluatorHistory.MAX_SEEN_DROP) {
                fine.put(replaced.replacement().from(), true);
            }
        }
        if (!history.drifts) {
            worse.values().forEach(isOut -> errors.count("a prompt that loses more than allowed is rolled out",
                    1 - Double.parseDouble(history.settings.get("evaluator.confidence")), isOut));
            fine.values().forEach(isBack -> errors.count("a prompt that loses no more than allowed is rolled back by the watch",
                    1 - Double.parseDouble(history.settings.get("evaluator.watch-confidence")), isBack));
        }
    }

    /** Counts what happened. */
    void tell(GateErrors events) {
        reports.forEach(report -> events.saw(report.kind().wireName() + " " + what(report)));
    }

    private static String what(EvaluationReport report) {
        if (report instanceof VerdictReport verdict) {
            return verdict.isRolledOut() ? "rolled out" : verdict.ruling().outcome() + " " + verdict.rollout().heldBy();
        }
        if (report instanceof ReplacementReport replaced) {
            boolean isWatch = replaced.replacement().cause() == Cause.WATCH;
            return replaced.replacement().cause().wireName() + (isWatch ? " " + report.reason().split(" ")[0] : "");
        }
        return "";
    }

    private static double loss(EvaluatorHistory history, long before, long after) {
        return history.accuracies.get(before) - history.accuracies.get(after);
    }
}
